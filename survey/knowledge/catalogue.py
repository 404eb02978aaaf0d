"""The editions as catalogues of open data read them: DCAT-AP 3 in JSON-LD."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import url_for

from analysis.edition import Edition
from survey.knowledge.tables import LICENCE

_EU: Final = "http://publications.europa.eu/resource/authority"
_CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FILES: Final = (
    ("figures.table", "Figures", "CSV", "text/csv"),
    ("figures.withheld", "What is withheld, and why", "CSV", "text/csv"),
    ("figures.goals", "The alliance's goals", "CSV", "text/csv"),
    ("figures.package", "Frictionless Data Package", "JSON", "application/json"),
    ("figures.signed", "The edition as it was signed", "JSON", "application/json"),
)


def catalogue(editions: Sequence[Edition], base_url: str) -> dict[str, Any]:
    """Return a catalogue of the editions, newest first, each a data set of its own that never changes."""
    return {
        "@context": _CONTEXT,
        "@id": f"{base_url}{url_for('figures.described')}",
        "@type": "dcat:Catalog",
        "dct:title": _said("Tallene for brancherne", "Figures of the sectors"),
        "dct:description": _said(
            "Tal på tværs af organisationer, som har delt deres.",
            "Figures over organisations that have shared theirs.",
        ),
        "dct:publisher": _publisher(base_url),
        "dct:language": [{"@id": f"{_EU}/language/DAN"}, {"@id": f"{_EU}/language/ENG"}],
        "dct:license": {"@id": LICENCE},
        "foaf:homepage": {"@id": f"{base_url}{url_for('figures.explorer')}"},
        "dcat:dataset": [_data_set(edition, base_url) for edition in editions],
        "dcat:service": {
            "@id": f"{base_url}{url_for('open_data.description')}#service",
            "@type": "dcat:DataService",
            "dct:title": _said("Tillids API", "Tillid's API"),
            "dcat:endpointURL": {"@id": f"{base_url}{url_for('open_data.editions')}"},
            "dcat:endpointDescription": {"@id": f"{base_url}{url_for('open_data.description')}"},
        },
    }


def _data_set(edition: Edition, base_url: str) -> dict[str, Any]:
    number = edition.number
    made_up = " Everything in it is made up." if edition.synthetic else ""
    opdigtet = " Alt i den er opdigtet." if edition.synthetic else ""
    years = sorted({figure.where.year for figure in edition.figures})
    return {
        "@id": f"{base_url}{url_for('figures.explorer_of', number=number)}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"tillid-edition-{number}",
        "dct:title": _said(
            f"Tallene for brancherne, udgave {number}", f"Figures of the sectors, edition {number}"
        ),
        "dct:description": _said(
            f"Andele og gennemsnit på tværs af organisationer, med usikkerhed.{opdigtet}",
            f"Shares and means over organisations, with intervals.{made_up}",
        ),
        "dcat:version": str(number),
        "dct:issued": {"@type": "xsd:date", "@value": edition.day},
        "dct:publisher": {"@id": f"{base_url}/#publisher"},
        "dct:accessRights": {"@id": f"{_EU}/access-right/PUBLIC"},
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/ANNUAL_2"},
        "dct:spatial": {"@id": f"{_EU}/country/DNK"},
        "dcat:theme": {"@id": f"{_EU}/data-theme/SOCI"},
        "dcat:keyword": ["sexual harassment", "workplace culture", "sexchikane", "kultur"],
        **({"dct:temporal": _period(years[0], years[-1])} if years else {}),
        "dcat:distribution": [_file(number, base_url, *each) for each in _FILES],
    }


def _file(number: int, base_url: str, endpoint: str, title: str, kind: str, media: str) -> dict[str, Any]:
    address = f"{base_url}{url_for(endpoint, number=number)}"
    return {
        "@id": f"{address}#distribution",
        "@type": "dcat:Distribution",
        "dct:title": {"@language": "en", "@value": title},
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dct:format": {"@id": f"{_EU}/file-type/{kind}"},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dct:license": {"@id": LICENCE},
    }


def _publisher(base_url: str) -> dict[str, Any]:
    return {
        "@id": f"{base_url}/#publisher",
        "@type": "foaf:Agent",
        "foaf:name": _said("Alliance mod seksuel chikane", "Alliance against Sexual Harassment"),
    }


def _period(first: int, last: int) -> dict[str, Any]:
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": {"@type": "xsd:gYear", "@value": str(first)},
        "dcat:endDate": {"@type": "xsd:gYear", "@value": str(last)},
    }


def _said(da: str, en: str) -> list[dict[str, str]]:
    return [{"@language": "da", "@value": da}, {"@language": "en", "@value": en}]
