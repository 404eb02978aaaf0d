"""What stands on a paper questionnaire besides the questions, in the languages that pages are written in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from survey.storage.models import TrusteeRole


@dataclass(frozen=True, slots=True)
class PaperWords:
    """One language; `{names}` are filled in by survey/answering/printing.py."""

    asks: str
    together: str
    before: str
    voluntary: str
    only_crosses: str
    read_by: str
    locked: str
    groups: str
    thresholds: str
    opened_by: str
    erased: str
    final: str
    help: str
    help_line: str
    unit_title: str
    unit: str
    warning: str
    skippable: str
    only_if: str
    section_only_if: str
    after: str
    hand_in: str
    answered_in: str
    crossed_in: str
    not_crossed_in: str
    any_answer_in: str
    not_so: str
    question: str
    one_of: str
    quote: str
    both: str
    either: str
    roles: dict[TrusteeRole, str]


DANISH: Final = PaperWords(
    asks="{organisation} beder om dit svar senest den {day}.",
    together="",
    before="Før du svarer",
    voluntary="Det er frivilligt. Lad de spørgsmål stå tomme, som du ikke vil svare på.",
    only_crosses="Sæt kun krydser. Skriver du navne eller andet, kan nogen måske kende dig på det.",
    read_by=(
        "Den, der taster papiret ind, læser det: medarbejdernes repræsentant eller alliancens sekretariat,"
        " aldrig nogen fra ledelsen. De kan måske gætte, hvem du er. Vil du undgå det, så svar på en telefon"
        " eller computer i stedet."
    ),
    locked="Svarene låses, når de er tastet ind. Papiret makuleres, når undersøgelsen er lukket.",
    groups="Ledere får kun tabeller over grupper at se, aldrig enkelte svar.",
    thresholds=(
        "Kommer der færre end {opening} svar, bliver intet åbnet. Spørgsmål om det, du har oplevet eller set,"
        " vises kun for grupper, hvor mindst {sensitive} har svaret. Andre spørgsmål kræver mindst {general}."
    ),
    opened_by="Mindst {quorum} af {number} skal sige ja, før svarene kan åbnes: {roles}.",
    erased="Svarene slettes senest {release} dage efter, at resultaterne er lavet.",
    final="Et svar på papir kan ikke ændres eller trækkes tilbage, når det er afleveret.",
    help="Her kan du få hjælp",
    help_line="{name}: {contact}",
    unit_title="Hvor du hører til",
    unit="Hvilken afdeling eller gruppe hører du til?",
    warning="De næste spørgsmål kan være ubehagelige at læse. Du kan springe dem alle over.",
    skippable="Du kan springe hele afsnittet over.",
    only_if="Svar kun, hvis {condition}.",
    section_only_if="Svar kun på dette afsnit, hvis {condition}. Ellers gå videre til næste afsnit.",
    after="Når du er færdig",
    hand_in=(
        "Læg papiret i en lukket kuvert uden navn, og aflever den til medarbejdernes repræsentant eller i"
        " den kasse, der er stillet frem. Aflever det ikke til din leder."
    ),
    answered_in="du har svaret {codes} i {questions}",
    crossed_in="du har sat kryds ved {codes} i {questions}",
    not_crossed_in="du ikke har sat kryds ved {codes} i {questions}",
    any_answer_in="du har svaret på {questions}",
    not_so="det ikke passer, at {condition}",
    question="spørgsmål {number}",
    one_of="mindst ét af spørgsmålene {numbers}",
    quote="“{text}”",
    both="og",
    either="eller",
    roles={
        TrusteeRole.EMPLOYEES: "medarbejdernes repræsentant",
        TrusteeRole.MANAGEMENT: "en repræsentant for ledelsen",
        TrusteeRole.SECRETARIAT: "alliancens sekretariat",
        TrusteeRole.OTHER: "en anden betroet person",
    },
)

ENGLISH: Final = PaperWords(
    asks="{organisation} asks for your answers by {day}.",
    together="",
    before="Before you answer",
    voluntary="It is voluntary. Leave blank any question that you do not want to answer.",
    only_crosses="Only put crosses. If you write names or anything else, somebody may know you by it.",
    read_by=(
        "Whoever types the paper in reads it: the employees' representative or the alliance's secretariat,"
        " never anyone of the management. They may guess who you are. If you want to avoid that, answer on a"
        " phone or computer instead."
    ),
    locked="The answers are locked once they are typed in. The paper is shredded when the survey is closed.",
    groups="Leaders only see tables about groups, never a single response.",
    thresholds=(
        "If fewer than {opening} people answer, nothing is opened. Questions about what you have experienced"
        " or seen are only shown for groups in which at least {sensitive} have answered. Other questions take"
        " at least {general}."
    ),
    opened_by="At least {quorum} of {number} must agree before the answers can be opened: {roles}.",
    erased="The answers are deleted no later than {release} days after the results are made.",
    final="An answer on paper cannot be changed or taken back once it is handed in.",
    help="Where to find help",
    help_line="{name}: {contact}",
    unit_title="Where you belong",
    unit="Which department or group do you belong to?",
    warning="The next questions may be unpleasant to read. You can skip all of them.",
    skippable="You can skip the whole section.",
    only_if="Only answer if {condition}.",
    section_only_if="Only answer this section if {condition}. Otherwise go on to the next section.",
    after="When you are done",
    hand_in=(
        "Put the paper into a closed envelope without a name, and hand it to the employees' representative or"
        " put it into the box provided. Do not hand it to your manager."
    ),
    answered_in="you answered {codes} to {questions}",
    crossed_in="you crossed {codes} in {questions}",
    not_crossed_in="you did not cross {codes} in {questions}",
    any_answer_in="you answered {questions}",
    not_so="it is not so that {condition}",
    question="question {number}",
    one_of="at least one of the questions {numbers}",
    quote="“{text}”",
    both="and",
    either="or",
    roles={
        TrusteeRole.EMPLOYEES: "the employees' representative",
        TrusteeRole.MANAGEMENT: "a representative of the management",
        TrusteeRole.SECRETARIAT: "the alliance's secretariat",
        TrusteeRole.OTHER: "another trusted person",
    },
)


DANISH_TOGETHER: Final = replace(
    DANISH,
    asks="{organisation} spørger alle i {organisations} og beder om dit svar senest den {day}.",
    together=(
        "Alle svar fra {organisations} vises samlet. Dit eget sted vises aldrig for sig. {organisation} står"
        " for undersøgelsen og er dataansvarlig, ikke det sted, hvor du hører til."
    ),
    read_by=(
        "Den, der taster papiret ind, læser det: repræsentanten for dem, der er spurgt, eller alliancens"
        " sekretariat, aldrig nogen fra ledelsen noget sted. De kan måske gætte, hvem du er. Vil du undgå"
        " det, så svar på en telefon eller computer i stedet."
    ),
    unit="Hvilken gruppe hører du til?",
    hand_in=(
        "Læg papiret i en lukket kuvert uden navn, og aflever eller send den til repræsentanten for dem, der"
        " er spurgt. Aflever det ikke til din leder."
    ),
    roles=DANISH.roles | {TrusteeRole.EMPLOYEES: "repræsentanten for dem, der er spurgt"},
)
ENGLISH_TOGETHER: Final = replace(
    ENGLISH,
    asks="{organisation} asks everybody in {organisations}, and you for your answers by {day}.",
    together=(
        "All answers from {organisations} are shown together. Your own place is never shown by itself."
        " {organisation} runs the survey and is the data controller, not the place where you belong."
    ),
    read_by=(
        "Whoever types the paper in reads it: the representative of those who are asked or the alliance's"
        " secretariat, never anyone of the management of any place. They may guess who you are. If you want"
        " to avoid that, answer on a phone or computer instead."
    ),
    unit="Which group do you belong to?",
    hand_in=(
        "Put the paper into a closed envelope without a name, and hand or send it to the representative of"
        " those who are asked. Do not hand it to your manager."
    ),
    roles=ENGLISH.roles | {TrusteeRole.EMPLOYEES: "the representative of those who are asked"},
)
"""Of a joint wave: whoever asks is nobody's employer."""


def words_in(language: str, *, together: bool = False) -> PaperWords:
    """The words beside questions in `language`; one that pages are not written in gets English ones."""
    if together:
        return DANISH_TOGETHER if language == "da" else ENGLISH_TOGETHER
    return DANISH if language == "da" else ENGLISH
