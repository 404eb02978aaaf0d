"""
The custody process: looks for waves that wait for it, takes each one step further, and serves nobody.

It speaks through the databases only, and signs what it says there.
"""

from __future__ import annotations

import datetime
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from analysis.differencing import WithUnits
from survey.custody.ceremony import finish_ceremony, hold_ceremony
from survey.custody.closing import (
    Verifying,
    check_list,
    check_rights,
    closed_list,
    signed_statement,
    store_list,
)
from survey.custody.contributing import contribution
from survey.custody.destruction import destroy, erase_taken_back
from survey.custody.directory import CustodyDirectory, CustodyError
from survey.custody.editions import day_of_edition, make_edition
from survey.custody.opening import (
    KeptOfWave,
    OneTimeKey,
    Opening,
    forget_opening,
    opened_wave,
    rebuilt_seed,
    request_opening,
)
from survey.custody.progress import Said
from survey.custody.promises import erase_overdue_pads, own_promise, promised_definition
from survey.custody.ranges import FEWEST_FOR_PROCESSES, Result, Work, over_all_rows
from survey.custody.releasing import earlier_releases, policy_of, released, signed_releases, with_units
from survey.sealing.identity import fingerprint
from survey.storage.audit import Process
from survey.storage.closing import take_no_more
from survey.storage.databases import Databases
from survey.storage.models import CustodyIdentity, StoredRelease, Wave
from survey.storage.repositories import WaveRegistry
from survey.storage.rewriting import RewriteError, rewrite_responses
from survey.waves.lifecycle import advance
from survey.waves.manifest import Manifest, ManifestError
from survey.waves.retention import due_on
from survey.waves.states import WaveState
from survey.waves.waiting import Waits

_PAUSE_SECONDS = 1.0
_log = logging.getLogger("tillid.custody")


@dataclass(slots=True)
class Custody:
    """Custody of all waves of one alliance; one-time keys live in this object and nowhere else."""

    databases: Databases
    directory: CustodyDirectory
    today: Callable[[], datetime.date]
    fewest: int = FEWEST_FOR_PROCESSES
    """From how many rows on a wave is worked on in processes of their own."""
    _one_time_keys: dict[str, OneTimeKey] = field(default_factory=dict, repr=False)
    synthetic: bool = False
    """Whether the organisations are invented, which every edition then says."""
    makes_editions: bool = True
    """Not while a demo is filled: years pass in a minute, and nobody reads what they would tell."""
    _done_on: datetime.date | None = None
    _said: dict[str, str] = field(default_factory=dict, repr=False)

    def run(self, stop: threading.Event) -> None:
        """
        Work until `stop` is set.

        Raises:
            CustodyError: If another process has the directory, or the alliance another custody.
        """
        with self.directory.held():
            self.start()
            while not stop.is_set():
                self.step()
                stop.wait(_PAUSE_SECONDS)

    def start(self) -> None:
        """
        Make custody's public key known, and begin openings again whose one-time key died in a crash.

        Raises:
            CustodyError: If the alliance has another custody, whose waves this one could never open.
        """
        key = self.directory.identity().public_key
        with self.databases.alliance_session() as session:
            known = session.scalars(select(CustodyIdentity.fingerprint)).all()
            if any(other != fingerprint(key) for other in known):
                raise CustodyError(
                    "custody: the alliance's database names another custody; give TILLID_CUSTODY_DIRECTORY "
                    "the directory that it was begun with"
                )
            session.merge(CustodyIdentity(fingerprint=fingerprint(key), public_key=key))
            # A crash may have come between storing a release and remembering it.
            for release in signed_releases(session.scalars(select(StoredRelease)), key):
                self.directory.remember_release(release.wave_id, sha256(release.content).digest())
        self._take_back_openings()

    def _take_back_openings(self) -> None:
        with self.databases.alliance_session() as session:
            registry = WaveRegistry(session)
            for wave in registry.waves(WaveState.OPENING.value):
                if wave.id not in self._one_time_keys:
                    forget_opening(wave, registry.shares(wave.id))
                    advance(wave, WaveState.CLOSED, actor=Process.CUSTODY)

    def step(self) -> None:
        """Take every wave that waits for custody one step further; a wave that fails stops no other."""
        self._daily()
        for wave_id, state, waits in self._waiting():
            try:
                self._step_of(state)(wave_id)
            except CustodyError as fault:
                # The message names the wave and the remedy, and never what anybody answered.
                self._say(wave_id, state, str(fault), fault.waits)
            except (ManifestError, RewriteError) as fault:
                self._say(wave_id, state, str(fault), Waits.OPERATOR)
            except Exception as fault:  # noqa: BLE001  What one wave's rows can cause must not stop the others'.
                self._say(wave_id, state, _without_values(fault), Waits.OPERATOR)
            else:
                self._said.pop(wave_id, None)
                if waits is not None:
                    self._let_pages_say(wave_id, None)

    def _say(self, wave_id: str, state: WaveState, fault: str, waits: Waits) -> None:
        """Once, until it changes: a wave that waits for a remedy is looked at every second."""
        if self._said.get(wave_id) != fault:
            self._said[wave_id] = fault
            _log.error("wave %s, %s: %s", wave_id, state.value, fault)
            self._let_pages_say(wave_id, waits)

    def _let_pages_say(self, wave_id: str, waits: Waits | None) -> None:
        """Let steward and trustees see what the wave waits for; a database that is away hears it later."""
        try:
            with self.databases.alliance_session() as session:
                WaveRegistry(session).wave(wave_id).waits_for = waits
        except SQLAlchemyError:
            self._said.pop(wave_id, None)

    def _daily(self) -> None:
        if self._done_on == self.today():
            return
        self._done_on = self.today()
        for wave_id in erase_overdue_pads(self.directory, self._done_on):
            _log.warning("wave %s: its time is over, its pad is erased", wave_id)
        try:
            self._edition(self._done_on)
        except CustodyError as fault:
            _log.error("sectors' figures: %s", fault)

    def _edition(self, today: datetime.date) -> None:
        with self.databases.alliance_session(reading=True) as session:
            erase_taken_back(session, self.directory)
        if not self.makes_editions:
            return
        day = day_of_edition(today)
        if make_edition(self.databases, self.directory, day, synthetic=self.synthetic):
            _log.info("the edition of %s is made", day.isoformat())

    def _step_of(self, state: WaveState) -> Callable[[str], None]:
        steps = {
            WaveState.CEREMONY: self._ceremony,
            WaveState.CLOSED: self._closed,
            WaveState.OPENING: self._opening,
            WaveState.RELEASED: self._destroy_if_due,
        }
        return steps[state]

    def _waiting(self) -> list[tuple[str, WaveState, str | None]]:
        states = (WaveState.CEREMONY, WaveState.CLOSED, WaveState.OPENING, WaveState.RELEASED)
        with self.databases.alliance_session(reading=True) as session:
            waves = WaveRegistry(session).waves(*(state.value for state in states))
            return [(wave.id, WaveState(wave.state), wave.waits_for) for wave in waves]

    def _ceremony(self, wave_id: str) -> None:
        with self.databases.alliance_session() as session:
            # Held, and looked at again: a steward may cancel it, or begin it anew, at this very moment.
            wave = WaveRegistry(session).wave(wave_id, held=True)
            if wave.state != WaveState.CEREMONY.value:
                return
            if wave.manifest is None:
                hold_ceremony(session, wave, self.directory)
            else:
                finish_ceremony(session, wave, self.directory)

    def _closed(self, wave_id: str) -> None:
        wave = self._wave(wave_id)
        if self._is_due(wave):
            self._destroy_if_due(wave_id)
        elif wave.list_statement is None:
            self._close(wave)
        elif self._may_be_opened(wave):
            self._request_opening(wave_id)

    def _may_be_opened(self, wave: Wave) -> bool:
        """
        Whether there are enough responses.

        Raises:
            CustodyError: If there are more than can be real.
        """
        statement, manifest = signed_statement(wave, self._key), self._promise(wave)
        check_rights(statement, manifest)
        return statement.count >= policy_of(manifest).opening

    def _close(self, wave: Wave) -> None:
        verifying = Verifying(self._promise(wave).to_bytes())
        take_no_more(self.databases, wave.id)
        rewrite_responses(self.databases)
        # Verified outside any transaction of the alliance's database: a million rows take a while.
        closed = closed_list(self._over_all_rows(wave, verifying, "verifying"))
        with self.databases.alliance_session() as session:
            registry = WaveRegistry(session)
            store_list(registry.wave(wave.id), closed, registry.exchanged(wave.id), self.directory)

    def _request_opening(self, wave_id: str) -> None:
        with self.databases.alliance_session() as session:
            registry = WaveRegistry(session)
            wave = registry.wave(wave_id)
            forget_opening(wave, registry.shares(wave_id))
            digest = bytes.fromhex(signed_statement(wave, self._key).digest)
            key = request_opening(wave, digest, self.directory.identity())
            advance(wave, WaveState.OPENING, actor=Process.CUSTODY)
        self._one_time_keys[wave_id] = key

    def _opening(self, wave_id: str) -> None:
        key = self._one_time_keys.get(wave_id)
        if key is None:
            return self._take_back_openings()
        with self.databases.alliance_session(reading=True) as session:
            wave, places = WaveRegistry(session).wave(wave_id), WaveRegistry(session).shares(wave_id)
            listed = wave.list_rows or b""
        if self._is_due(wave):
            # Before anything that can fail: no trustee and no missing row keeps a wave beyond its time.
            return self._give_up(wave_id)
        kept = KeptOfWave(self.directory.pad(wave_id), self.directory.expected_confirmations(wave_id))
        seed = rebuilt_seed(places, key, self._promise(wave), kept)
        if seed is not None:
            self._release(wave, listed, seed, key)
        return None

    def _release(self, wave: Wave, listed: bytes, seed: bytes, key: OneTimeKey) -> None:
        manifest = self._promise(wave)
        check_list(signed_statement(wave, self._key), listed, key.opening.list_digest)
        if not self._may_be_opened(wave):
            raise CustodyError(f"wave {wave.id}: too few responses to be opened; nothing was")
        opening = Opening(
            seed,
            bytes.fromhex(wave.manifest_digest or ""),
            promised_definition(wave, manifest),
            [unit.id for unit in manifest.units],
            listed,
        )
        parts = self._over_all_rows(wave, opening, "opening")
        opened = opened_wave(parts, listed, opening.reader())
        release = released(wave, manifest, opened, seed, self.directory.identity(), self._earlier(wave))
        if manifest.alliance_sharing == "steward_decides":
            self.directory.keep_contribution(wave.id, contribution(manifest, opened, seed))
        with self.databases.alliance_session() as session:
            stored = WaveRegistry(session).wave(wave.id)
            session.add(release)
            advance(stored, WaveState.RELEASED, actor=Process.CUSTODY)
            stored.released_on = self.today()
            forget_opening(stored, WaveRegistry(session).shares(wave.id))
            digest = sha256(release.content).digest()
        self.directory.remember_release(wave.id, digest)
        del self._one_time_keys[wave.id]

    def _earlier(self, wave: Wave) -> list[WithUnits]:
        """What the wave's organisation published before, as custody remembers it."""
        remembered = self.directory.remembered_releases(wave.organisation_id)
        remembered.pop(wave.id, None)
        with self.databases.alliance_session(reading=True) as session:
            registry = WaveRegistry(session)
            stored = registry.releases_beside(wave)
            waves = [registry.wave(release.wave_id) for release in stored]
        return [*map(with_units, earlier_releases(stored, self._key, remembered), waves)]

    def _over_all_rows(self, wave: Wave, work: Work[Result], doing: str) -> Iterator[Result]:
        return over_all_rows(
            self.databases.responses, wave.id, work, progress=Said(wave.id, doing), fewest=self.fewest
        )

    def _give_up(self, wave_id: str) -> None:
        """The trustees let the time pass: back to closed, from where destruction follows."""
        self._one_time_keys.pop(wave_id, None)
        self._take_back_openings()

    def _destroy_if_due(self, wave_id: str) -> None:
        if not self._is_due(self._wave(wave_id)):
            return
        with self.databases.alliance_session() as session, self.databases.responses_session() as responses:
            destroy(session, responses, WaveRegistry(session).wave(wave_id), self.directory)
        rewrite_responses(self.databases)

    def _is_due(self, wave: Wave) -> bool:
        due = due_on(wave, self._promise(wave).retention)
        return due is not None and self.today() >= due

    def _wave(self, wave_id: str) -> Wave:
        with self.databases.alliance_session(reading=True) as session:
            return WaveRegistry(session).wave(wave_id)

    def _promise(self, wave: Wave) -> Manifest:
        return own_promise(wave, self._key)

    @property
    def _key(self) -> bytes:
        return self.directory.identity().public_key


def _without_values(error: BaseException) -> str:
    """Where in the code it was: the message of a library may repeat what it was working on."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {last.filename}, line {last.lineno}; see what changed, and start again"
