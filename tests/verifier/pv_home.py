# SPDX-License-Identifier: GPL-3.0-or-later
"""Verifies everything in a home: files, rows, feeds, bodies, organisations, epochs, attachments."""
import collections
import pathlib
import stat

import pv_bodies as bodies
import pv_envelope as envelope
import pv_sodium as sodium
import pv_store as store
from pv_grammar import Wrong

KNOWN_FILES = {"keys", "record.db", "record.db-wal", "record.db-shm", "heads", "snapshot", "lock", "agent.sock"}
KEY_SIZES = {1: 32, 2: 64, 3: 32, 4: 128}
Place = collections.namedtuple("Place", "n cls feed seq")


class Home:
    """After verify(): counts (name -> number), wrong (list of texts) and notes (allowed, yet worth saying)."""

    def __init__(self, path, passphrase):
        self.path = pathlib.Path(path)
        self.counts, self.wrong, self.notes = collections.Counter(), [], collections.Counter()
        self.ids = {}             # entry id -> Place
        self.places = {}          # (feed, seq) -> entry id
        self.feeds = {}           # feed -> envelope.Feed
        self.control = []         # rows of class 2, 3 and 5
        self.signers, self.sub_keys, self.stored_epochs = [], [], {}
        self.epochs = {}          # epoch entry id -> (effective secret, body, circle)
        self.organisations = {}   # device -> organisation id
        self.genesis = {}         # organisation id -> genesis body
        self.charters = {}        # circle id -> charter
        self.retracts, self.redacts, self.files, self.claims = [], [], [], {}
        self.absent = set()
        self.passphrase = passphrase

    # --- files

    def verify(self):
        """Reads all of it; returns True if nothing is wrong."""
        rows = None
        try:
            self._files()
            self._unlock()
            rows = store.Rows(self.path / "record.db", self.root, self.home_id)
            self.wrong += rows.damage()
            self._keys(rows)
            self._chains(rows)
            self._quarantine(rows)
            self._state(rows)
            self._sigchains(rows)
            self._open_epochs(rows)
            self._check_epochs()
            self._open_rest(rows)
            self._open_files(rows)
            self._effects()
            self._snapshot()
        except (Wrong, OSError, store.sqlite3.Error) as e:
            self.wrong.append(str(e))
        finally:
            if rows:
                rows.close()
        return not self.wrong

    def _files(self):
        if stat.S_IMODE(self.path.stat().st_mode) != 0o700:
            self.wrong.append("the directory can be entered by others, or not by its owner")
        for f in self.path.iterdir():
            if f.name not in KNOWN_FILES:
                self.notes["files of another name in the directory"] += 1
        lock = self.path / "lock"
        if not lock.exists() or lock.stat().st_size:
            self.wrong.append("lock: missing or not empty")

    def _unlock(self):
        self.home_id, slots, faults = store.read_slots((self.path / "keys").read_bytes())
        self.wrong += faults
        self.counts["slots"] = len(slots)
        for slot in slots:
            self.root = store.open_slot(self.home_id, slot, self.passphrase)
            if self.root:
                return
        raise Wrong("keys: the passphrase is for no slot")

    def _snapshot(self):
        path = self.path / "snapshot"
        if path.exists():
            with path.open("rb") as f:
                self.counts["snapshot bytes"] = store.read_snapshot(f, self.root, self.home_id)

    # --- rows

    def _keys(self, rows):
        for n, plain in rows.all("key", self.wrong):
            kind, value = plain[0] if plain else 255, plain[1:]
            if kind > 5 or (kind in KEY_SIZES and len(value) != KEY_SIZES[kind]):
                self.wrong.append(f"key row {n}: unknown type or wrong size")
                continue
            self.counts[f"keys of type {kind}"] += 1
            if kind == 1:
                self.signers.append(sodium.sign_pair(value)[0])
            elif kind == 2:
                if sodium.box_public(value[:32]) != value[32:]:
                    self.wrong.append(f"key row {n}: public and secret sub-key do not belong together")
                self.sub_keys.append((value[32:], value[:32]))
            elif kind == 4:
                self.stored_epochs[value[32:64]] = (value[:32], value[64:96], value[96:])
            elif kind == 5:
                try:
                    value.decode("utf-8")
                except UnicodeDecodeError:
                    self.wrong.append(f"key row {n}: the name is not UTF-8")

    def _chains(self, rows):
        for n, entry in rows.all("entry", self.wrong):
            if len(entry) < 320:
                self.wrong.append(f"entry row {n}: shorter than an envelope")
                continue
            head = envelope.Head(entry)
            feed = self.feeds.setdefault(head.feed, envelope.Feed())
            fault = feed.fault(entry)
            if fault:
                self.wrong.append(f"entry row {n}: not chain-valid: {fault}")
                continue
            self.counts[_class_name(head.cls)] += 1
            self.ids[feed.id] = Place(n, head.cls, head.feed, head.seq)
            self.places[head.feed, head.seq] = feed.id
            if head.cls in (2, 3, 5):
                self.control.append(n)
            if head.length and len(entry) == 320:
                self.absent.add(feed.id)
                self.notes[f"{_class_name(head.cls)}: bodies that were dropped"] += 1
            self._check_seen(head)
        self.feeds = {key: feed for key, feed in self.feeds.items() if feed.seq}
        self.counts["feeds"] = len(self.feeds)
        self.counts["entries"] = len(self.ids)

    def _check_seen(self, head):
        seen = self.ids.get(head.seen)
        if head.seen != envelope.ZEROS and (seen is None or seen.cls != 3 or seen.feed != head.feed):
            self.notes["entries whose `seen` names no heads entry of their feed"] += 1

    def _quarantine(self, rows):
        self.quarantine_bytes = 0
        for n, plain in rows.all("quarantine", self.wrong):
            reason, raw = plain[0] if plain else 0, plain[1:]
            self.quarantine_bytes += len(raw)
            self.counts[f"quarantined for reason {reason}"] += 1
            fault = envelope.chain_fault(raw)
            head_fault = len(raw) < 320 or envelope.header_fault(raw)
            fits = {1: head_fault, 2: fault == "signature", 3: not head_fault, 4: fault is None, 5: not head_fault}
            if not fits.get(reason):
                self.wrong.append(f"quarantine row {n}: its reason is not what is wrong with it")
            elif reason == 4:
                head = envelope.Head(raw)
                if self.places.get((head.feed, head.seq)) in (None, envelope.entry_id(raw)):
                    self.wrong.append(f"quarantine row {n}: no fork of anything in the record")

    def _state(self, rows):
        states = list(rows.all("state", self.wrong))
        if len(states) != 1:
            raise Wrong("state: not exactly one row")
        state = store.State(states[0][1])
        for name, stored in (("entry", state.entries), ("key", state.keys), ("quarantine", state.quarantined)):
            if stored != rows.count(name):
                self.wrong.append(f"state: {stored} rows in {name}, there are {rows.count(name)}")
        if state.quarantine_bytes != self.quarantine_bytes:
            self.wrong.append("state: bytes in quarantine are not the sum of what was received")
        self.counts["quarantine items dropped"] = state.dropped
        found = {(c, d): (seq, id_) for c, d, _, seq, id_ in state.feeds}
        if [(c, d) for c, d, *_ in state.feeds] != sorted(found):
            self.wrong.append("state: feeds do not ascend, or stand twice")
        for key in found.keys() | self.feeds.keys():
            feed = self.feeds.get(key)
            if found.get(key) != ((feed.seq, feed.id) if feed else None):
                self.wrong.append("state: the head of a feed is not what the entries give")
        if any(flags > 3 or (flags & 1) != (d in self.signers) for _, d, flags, _, _ in state.feeds):
            self.wrong.append("state: a feed is marked as own wrongly")
        if state.control != self.control:
            self.wrong.append("state: the control rows are not the entries of class 2, 3 and 5")
        faults, notes = store.check_heads((self.path / "heads").read_bytes(), self.root, self.home_id, state)
        self.wrong += faults
        self.notes.update(notes)

    # --- bodies

    def _read(self, n, entry, key, prefix=0):
        """The checked body, None where it does not open or has a fault, which is counted or noted down."""
        verdict, body = envelope.open_section(entry, key, prefix)
        cls = _class_name(entry[6])
        if verdict in ("absent", "ignored"):
            return None
        if verdict != "ok":
            why = "keys differ" if verdict == "keys-differ" else "does not open, or has another section than it needs"
            self.wrong.append(f"entry row {n}: body: {why}")
            return None
        try:
            found = bodies.read_body(entry, body)
        except Wrong as e:
            self.wrong.append(f"entry row {n}: body: {e}")
            return None
        self.counts[f"{cls}: bodies that hold"] += 1
        if entry[6] != 6 and not bodies.known_type(entry[6], found):
            self.notes[f"{cls}: bodies of an unknown type"] += 1
        return found, body

    def _sigchains(self, rows):
        pending = []
        for place in [p for p in self.ids.values() if p.cls == 5]:
            entry = rows.one("entry", place.n)
            got = self._read(place.n, entry, None)
            if not got or not bodies.known_type(5, got[0]):
                continue
            if got[0]["t"] == "org":
                self.genesis[place.feed[0]] = got[0]
                self.organisations[place.feed[1]] = place.feed[0]
            else:
                pending.append((place, got[0]))
        self._add_devices(pending)
        self.counts["organisations"] = len(self.genesis)

    def _add_devices(self, pending):
        """Admits devices until nothing more follows: feeds may have arrived in any order."""
        admins = {(device, organisation) for device, organisation in self.organisations.items()}
        waiting = []
        for place, body in pending:
            if not bodies.consent_holds(body, place.feed[0]):
                self.wrong.append(f"entry row {place.n}: device-add: the consent does not hold")
            elif place.seq == 1 and not body["deps"]:
                self.wrong.append(f"entry row {place.n}: device-add: the first entry of an admin has no deps")
            else:
                waiting.append((place, body))
        while now := [p for p in waiting if (p[0].feed[1], p[0].feed[0]) in admins]:
            waiting = [p for p in waiting if p not in now]
            for place, body in now:
                device = bytes.fromhex(body["device"])
                self.organisations[device] = place.feed[0]
                if body["role"] == "admin":
                    admins.add((device, place.feed[0]))
        for place, _ in waiting:
            if place.feed[0] in self.genesis:
                self.wrong.append(f"entry row {place.n}: device-add: the author is no admin of the organisation")
            else:
                self.notes["sigchain entries of an organisation whose genesis is not here"] += 1

    def _epoch_secret(self, entry, epoch):
        """(E_raw, parent) of an epoch entry, by its boxes or by what is stored; None if neither gives it."""
        circle, found = entry[8:40], None
        for box in envelope.epoch_boxes(entry):
            for public, secret in self.sub_keys:
                share = envelope.open_box(box, public, secret)
                if share and (share[1] != circle or share[3] not in self.signers):
                    raise Wrong("a share names another circle or another device")
                found = (share[0], share[2]) if share else found
        stored = self.stored_epochs.get(epoch)
        if stored and (stored[0] != circle or (found and found != (stored[2], stored[1]))):
            raise Wrong("the stored epoch secret or parent is another than the boxed one, or of another circle")
        return found or (stored and (stored[2], stored[1]))

    def _open_epochs(self, rows):
        places = [p for p in self.ids.values() if p.cls == 2]
        for place in places:
            entry, epoch = rows.one("entry", place.n), self.places[place.feed, place.seq]
            if entry[112:144] != envelope.ZEROS:
                continue
            self.counts["epoch entries"] += 1
            if epoch in self.absent:
                continue
            try:
                secret = self._epoch_secret(entry, epoch)
            except Wrong as e:
                self.wrong.append(f"entry row {place.n}: {e}")
                continue
            if not secret:
                self.notes["epoch entries without a secret here"] += 1
                continue
            e_raw, parent = secret
            prefix = 2 + envelope.BOX * len(envelope.epoch_boxes(entry))
            got = self._read(place.n, entry, envelope.epoch_own_key(e_raw, place.feed[0], parent), prefix)
            body = got[0] if got and bodies.known_type(2, got[0]) else None
            self.epochs[epoch] = (envelope.epoch_key(e_raw, epoch), body, place)
            if body:
                if parent != (bytes.fromhex(body["parents"][0]) if body["parents"] else envelope.ZEROS):
                    self.wrong.append(f"entry row {place.n}: the boxes name another parent than the body")
                for i in bodies.wrong_boxes(entry, body, e_raw):
                    self.wrong.append(f"entry row {place.n}: box {i} is not what its secret gives")
        for epoch in self.stored_epochs.keys() - self.epochs.keys():
            if epoch not in self.ids:
                self.notes["stored epoch secrets whose epoch entry is not here"] += 1

    def _check_epochs(self):
        """Section 6.3, parents before their children; what the member list should be by its deps is not computed."""
        waiting, valid = {epoch: e for epoch, e in self.epochs.items() if e[1]}, set()
        while waiting:
            ready = [i for i, (_, body, _) in waiting.items() if all(
                bytes.fromhex(p) not in waiting for p in body["parents"])]
            for epoch in ready:
                _, body, place = waiting.pop(epoch)
                try:
                    if body["parents"]:
                        self._check_later(body, place, valid)
                    else:
                        self._check_founding(body, place)
                    valid.add(epoch)
                except Wrong as e:
                    self.wrong.append(f"entry row {place.n}: epoch: {e}")
        self._check_members()

    def _check_members(self):
        for _, body, place in [e for e in self.epochs.values() if e[1]]:
            for m in body["members"]:
                device, organisation = bytes.fromhex(m["device"]), bytes.fromhex(m["organisation"])
                if self.organisations.setdefault(device, organisation) != organisation:
                    self.wrong.append(f"entry row {place.n}: epoch: a member stands under another organisation")
        self.counts["circles"] = len(self.charters)

    def _check_founding(self, body, place):
        circle, author = place.feed
        raw = bodies.from_base64url(body["charter"])
        charter = bodies.parse_charter(raw)
        if bodies.circle_id(raw) != circle:
            raise Wrong("the charter does not hash to the circle id")
        if place.seq != 1 or charter["device"] != author.hex():
            raise Wrong("not the first entry of the founding device")
        if not any(m["device"] == author.hex() and m["box"] == charter["box"] for m in body["members"]):
            raise Wrong("the founding device is no member with the sub-key of the charter")
        if any(m["organisation"] not in [o["id"] for o in charter["organisations"]] for m in body["members"]):
            raise Wrong("a member is of no founding organisation")
        self.charters[circle] = charter

    def _check_later(self, body, place, valid):
        parents = [bytes.fromhex(p) for p in body["parents"]]
        if any(p not in self.epochs or self.epochs[p][2].feed[0] != place.feed[0] for p in parents):
            raise Wrong("a parent is not a known epoch of the circle")
        if any(p not in valid for p in parents):
            raise Wrong("a parent is not a valid epoch")
        if not any(m["device"] == place.feed[1].hex() for p in parents for m in self.epochs[p][1]["members"]):
            raise Wrong("the author is no member of a parent")

    def _open_rest(self, rows):
        for entry_id, place in self.ids.items():
            if place.cls == 5 or place.cls == 6 or place.cls >= 128:
                continue
            entry = rows.one("entry", place.n)
            head = envelope.Head(entry)
            if head.is_epoch:
                continue
            epoch = self.epochs.get(head.epoch)
            if not epoch or epoch[2].feed[0] != head.circle:
                self.notes[f"{_class_name(place.cls)}: bodies whose epoch secret is not here"] += 1
                continue
            got = self._read(place.n, entry, epoch[0])
            if got and bodies.known_type(place.cls, got[0]):
                self._keep(entry_id, place, *got)

    def _keep(self, entry_id, place, body, raw):
        if body["t"] == "claim":
            self.claims[entry_id] = bodies.claim_digest(body, raw)
            self.files += [(place, f) for f in body.get("files", ())]
            if body.get("says") not in (None, self.organisations.get(place.feed[1], b"").hex()[:32]):
                self.notes["claims that speak for another actor"] += 1
        elif body["t"] == "retract":
            self.retracts.append((place, bytes.fromhex(body["entry"])))
        elif body["t"] == "redact":
            self.redacts.append((place, bytes.fromhex(body["entry"]), bytes.fromhex(body["authority"])))
        elif body["t"] == "heads":
            for device, seq, named in bodies.heads_records(body["heads"]):
                held = self.places.get(((place.feed[0], device), seq))
                if held is None:
                    self.notes["heads that name an entry that is not here"] += 1
                elif held != named:
                    self.wrong.append(f"entry row {place.n}: heads name another entry than the one here: a fork")

    def _open_files(self, rows):
        claimed = set()
        for place, f in self.files:
            chunks = [bytes.fromhex(c) for c in f["chunks"]]
            claimed.update(chunks)
            fault = self._file_fault(rows, place, f, chunks)
            self.counts["attachments" if not fault else "attachments that do not hold"] += 1
            if fault:
                self.wrong.append(f"entry row {place.n}: attachment: {fault}")
        loose = [i for i, p in self.ids.items() if p.cls == 6 and i not in claimed and i not in self.absent]
        if loose:
            self.notes["attachment chunks that no open claim names"] = len(loose)

    def _file_fault(self, rows, place, f, chunks):
        content = b""
        for i, chunk in enumerate(chunks):
            at = self.ids.get(chunk)
            if chunk in self.absent:
                self.notes["attachments of which a chunk was dropped"] += 1
                return None
            if not at or at.cls != 6 or at.feed != place.feed or at.seq >= place.seq:
                return "a chunk is not in the same feed before the claim"
            got = self._read(at.n, rows.one("entry", at.n), bytes.fromhex(f["key"]))
            if not got:
                return "a chunk does not open"
            if i + 1 < len(chunks) and len(got[1]) != envelope.LARGEST:
                return "a chunk before the last is not full"
            content += got[1]
        if len(content) != f["size"] or sodium.digest(b"Parley/1 file", content).hex() != f["hash"]:
            return "size or hash is another"
        return None

    def _effects(self):
        """Equal claims (5.5), retractions and redactions (5.4)."""
        equal = len(self.claims) - len(set(self.claims.values()))
        if equal:
            self.notes["claims equal to an earlier one"] = equal
        for place, named in self.retracts:
            effective = named in self.claims and self._same_side(place, self.ids[named])
            self.counts["effective retractions"] += effective
        for place, named, _ in self.redacts:
            at = self.ids.get(named)
            if at and at.cls in (1, 6) and self._same_side(place, at):
                self.counts["effective redactions"] += 1
                if named not in self.absent:
                    self.wrong.append(f"entry row {at.n}: redacted in row {place.n}, and its body is still here")

    def _same_side(self, a, b):
        """True if both stand in one circle and their devices belong to one organisation."""
        mine = self.organisations.get(a.feed[1])
        return a.feed[0] == b.feed[0] and mine is not None and mine == self.organisations.get(b.feed[1])


def _class_name(cls):
    return f"class {cls} {envelope.CLASSES.get(cls, 'ignored')}"


def recovery_faults(raw, genesis):
    """What is wrong with a recovery file; genesis maps organisation ids to genesis bodies."""
    try:
        organisation, number, seed = store.read_recovery(raw)
    except Wrong as e:
        return [str(e)]
    body = genesis.get(organisation)
    if not body:
        return ["recovery: of an organisation whose genesis is not here"]
    if body["recovery"][number - 1] != sodium.sign_pair(seed)[0].hex():
        return ["recovery: its key does not stand in its place in the genesis"]
    return []
