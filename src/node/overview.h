/* The overview of one process: who takes part, where they talk, what was promised and kept, what happened, what is
 * contested, what needs attention. Everything is counted from a view, as of its cut; what it says are claims.
 *
 *   overview_read(view, &arena, cut.as_of_ms, env->now_ms(env), &overview, err)
 *
 * "Now" in this file is the end of the as-of day, or the clock where no day was asked for. A date is past when its
 * whole span is: what falls due on the as-of day is not overdue on that day.
 *
 * OWN AND BACKGROUND. A record may hold the data of a publisher (UCDP, ACLED, PA-X, ...) on a whole country. What
 * belongs to the process is told apart from it by these rules:
 *
 *   own actors    those with an alignment, mandate, consent or attendance, those that are party to a dialogue or
 *                 ceasefire, or give or receive a commitment; and who is one of these by an `identity` (node/same.h:
 *                 symmetric and transitive; a disputed pair joins nothing, and stands under attention)
 *   publisher     who numbers what he tells: a sayer, neither an own actor nor the organisation that wrote the claim,
 *                 in whose name objects get ids of a register (external_ids). He takes no part: he is no actor here
 *   the span      from the first to the last date that others than publishers give for dialogues, sessions, and
 *                 agreements with an own party; an open end is no date. If it ends less than OVERVIEW_UNDER_WAY_MS ago,
 *                 the process is under way and its span ends now
 *   background    that of which publishers alone speak, but for own actors, and for incidents, agreements and episodes
 *                 that involve an own actor (alleged or targets; parties; a side) and touch the span
 *
 * All else is own. A publisher's object that an identity joins with one of which others speak is that one: it is
 * counted once. What is own is shown; background is counted, in `background`, and nowhere else.
 *
 * Lists are cut at the maxima below; the count beside a list says how many there are. A date keeps the precision with
 * which it was recorded: its text is what to show.
 *
 * Threads: as the view. Memory: everything lives in the arena.
 */
#ifndef PARLEY_NODE_OVERVIEW_H
#define PARLEY_NODE_OVERVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "view/view.h"

#define OVERVIEW_ROWS_MAX 1000 /* of a list */
#define OVERVIEW_CONTESTED_MAX 10
#define OVERVIEW_ALERTS_MAX 100 /* of one rule */
#define OVERVIEW_SOON_MS (INT64_C(30) * 24 * 3600 * 1000)
#define OVERVIEW_UNDER_WAY_MS (INT64_C(365) * 24 * 3600 * 1000)
#define OVERVIEW_QUIET_MS (INT64_C(365) * 24 * 3600 * 1000) /* a truce of which nobody spoke for so long */

/* An object to name: its label is never empty. */
struct overview_ref {
	uint8_t obj[OBJECT_ID_BYTES];
	const char *label;
	bool contested; /* sayers differ on some field of it */
};

/* A date as recorded: "2013-10". text is NULL where nothing was said; an interval is shown by its beginning. */
struct overview_date {
	const char *text;
	int64_t from_ms, to_ms;
};

/* --- who --------------------------------------------------------------------------------------------------- */

struct overview_member {
	struct overview_ref actor;  /* contested: of the alignment */
	const char *role;           /* a code of side_role, or NULL */
	bool past;                  /* no longer on that side */
	struct overview_date until; /* where the alignment has an end */
};

struct overview_side {
	const char *name;
	bool is_party; /* one of its members at least is a party to the conflict */
	struct overview_member *members;
	size_t n_members;
};

enum overview_level { LEVEL_TOP, LEVEL_MIDDLE, LEVEL_GRASSROOTS, LEVEL_UNSAID, N_LEVELS };
enum overview_track { TRACK_1, TRACK_1_5, TRACK_2, TRACK_3, TRACK_UNSAID, N_TRACKS };

struct overview_table {
	struct overview_ref ref;
	bool is_forum; /* a standing forum, which has no track */
	enum overview_track track;
	const char *status;          /* plain words; of a forum its type; or NULL */
	const char *convener, *host; /* labels, or NULL */
	int64_t n_sessions;          /* held or broken off, begun by now */
	struct overview_date last, next;
};

/* What belongs to the process, and what data of publishers there is beside it. */
struct overview_span {
	const char *from, *to; /* days; NULL if nothing is dated */
	int64_t from_ms, to_ms;
	int64_t n_actors;     /* own ones by the rule */
	int64_t n_joined;     /* of these: through an identity */
	int64_t n_identities; /* pairs judged to be one */
};

struct overview_deaths {
	/* Over those incidents that give a number. Of each incident the three numbers are one sayer's: of the one whose
	 * best estimate is shown first. Where he gives no lowest (best, highest) the next best stands for it, and 0 for a
	 * missing lowest; lowest <= best <= highest always. */
	int64_t n_incidents, low, best, high;
	int64_t n_contested; /* of these incidents: sayers differ on a number of deaths */
};

struct overview_background {
	int64_t n_actors, n_agreements, n_episodes, n_incidents;
	int64_t n_twins; /* counted nowhere: a publisher's account of what others tell too, joined by an identity */
	struct overview_deaths deaths;
	const char *from, *to; /* days, of incidents, agreements and episodes; NULL if nothing is dated */
	int64_t from_ms, to_ms;
	const char *by; /* labels of the publishers, with commas; NULL: there is no background */
};

/* --- promises ---------------------------------------------------------------------------------------------- */

struct overview_agreement {
	struct overview_ref ref;
	const char *stage, *stage_words; /* PA-X code and its words, or NULL */
	struct overview_date date;       /* signature, or what comes nearest */
	struct overview_date in_force, ended, rejected;
	struct overview_ref *replaced_by; /* NULL if none */
};

/* Where a promise stands by the latest judgement that gives a level or says that there is no evidence. */
enum overview_fate {
	FATE_COMPLETE,
	FATE_INTERMEDIATE,
	FATE_MINIMUM,
	FATE_NOT_BEGUN,
	FATE_NO_EVIDENCE,
	FATE_NO_LEVEL, /* reported on, without a level */
	FATE_NO_REPORT,
	N_FATES
};

struct overview_commitment {
	struct overview_ref ref;
	const char *obligor; /* label, or NULL */
	struct overview_date due;
	enum overview_fate fate;
};

enum overview_truce {
	TRUCE_UNKNOWN, /* no beginning is said */
	TRUCE_TO_COME,
	TRUCE_RUNNING,
	TRUCE_NO_END, /* no end is recorded, and nobody spoke of it for OVERVIEW_QUIET_MS */
	TRUCE_LAPSED, /* its agreed end has passed; nothing says that it ended */
	TRUCE_ENDED,
	N_TRUCES
};

struct overview_ceasefire {
	struct overview_ref ref;
	const char *parties; /* labels with commas */
	enum overview_truce state;
	struct overview_date starts, ends, ended;
	const char *end_reason; /* a code, or NULL */
	const char *denied_by;  /* labels of who attests that there is none, or NULL */
	int64_t mentioned_ms;   /* when anybody spoke of it last */
};

struct overview_deed {
	struct overview_ref ref;
	struct overview_date date;
	const char *declarant, *witnesses; /* labels, or NULL */
	const char *topic, *status;        /* plain words, or NULL */
};

/* Who stands on which list. */
struct overview_listing {
	struct overview_ref ref;
	const char *jurisdiction; /* or NULL */
	const char *list;         /* plain words, or NULL */
	const char *reference;    /* number or name on the list, or NULL */
	bool forbids; /* a sanctions or proscription list: not the UN's annexes on children, which name only */
	struct overview_date listed, delisted;
	bool past; /* taken off by now */
};

struct overview_listed {
	struct overview_ref actor;
	struct overview_listing *listings; /* those that hold first */
	size_t n_listings;
	const char *not_there; /* jurisdictions of this record in which no listing of it is recorded; or NULL */
};

struct overview_exchange {
	struct overview_ref ref;
	struct overview_date date;
	const char *from, *to;     /* labels, or NULL */
	const char *what, *status; /* plain words, or NULL */
	int64_t planned, done;     /* -1: not said */
};

/* --- keeping in touch -------------------------------------------------------------------------------------- */

/* What one sayer says of the state of a line. */
struct overview_standing {
	const char *state; /* a word: open, blocked, dead */
	const char *says;  /* label, or NULL */
	const char *since; /* since when he says so, without another word between; NULL: no date */
};

struct overview_channel {
	struct overview_ref ref;
	struct overview_standing *states; /* the state shown first comes first, equal ones together */
	size_t n_states;
	bool differ;               /* sayers differ on the state now */
	struct overview_date last; /* when anybody spoke of its state last */
};

struct overview_notice {
	struct overview_ref ref;
	const char *window;             /* as recorded, or NULL */
	const char *from, *to;          /* labels, or NULL */
	const char *status, *objection; /* plain words, or NULL */
	struct overview_date received, closed;
};

struct overview_measure {
	struct overview_ref ref;
	const char *when;             /* as recorded, or NULL */
	const char *takers, *towards; /* labels, or NULL */
	const char *mode;             /* plain words, or NULL */
};

/* --- events ------------------------------------------------------------------------------------------------ */

/* Incidents whose handling stands at one state: that of the latest finding, else their own. */
struct overview_incidents {
	const char *state, *words; /* NULL: none said */
	int64_t n;
	struct overview_deaths deaths;
};

/* A spell of fighting. */
struct overview_episode {
	struct overview_ref ref;
	const char *from;    /* first date claimed, or NULL */
	const char *to;      /* when it ended, else the last day of which anybody speaks, or NULL */
	bool ended;          /* an end or an outcome is recorded */
	const char *outcome; /* plain words, or NULL */
};

/* The latest word of one sayer. */
struct overview_voice {
	const char *value; /* plain words; equal values stand together */
	const char *says;  /* label, or NULL: not attributed */
	const char *grade; /* or NULL */
	const char *known; /* day */
};

struct overview_contest {
	struct overview_ref ref;
	const char *kind, *field;
	bool is_label;                 /* it is the field by which the object is recognised */
	const char *date;              /* of the object: its first day, or NULL */
	struct overview_voice *voices; /* the value shown first comes first */
	size_t n_voices;
};

/* --- attention --------------------------------------------------------------------------------------------- */

struct overview_alert {
	struct overview_ref ref;
	struct overview_date date; /* due, until, happened: as the rule says */
	const char *who;           /* label, or NULL */
};

/* What one rule found. */
struct overview_alerts {
	const char *code, *title; /* "overdue", "Promises overdue" */
	const char *kind;         /* of the objects: 'parley list KIND' shows all of them */
	struct overview_alert *rows;
	size_t n_rows, n_all;
};

struct overview {
	int64_t now_ms;
	int64_t n_entries, n_unreadable; /* of these: no key, or damaged */
	int64_t n_claims, n_retracted, n_redacted;
	int64_t n_objects, n_unknown_kind; /* without those of the record itself; of these: kinds of a later version */

	struct overview_span span;
	struct overview_background background;

	struct overview_side *sides; /* parties to the conflict first, then by date and name */
	size_t n_sides;
	int64_t actors[N_LEVELS], persons[N_LEVELS];
	int64_t tables[N_TRACKS], sessions[N_TRACKS];
	int64_t n_forums, n_forum_sessions;
	int64_t n_loose_sessions;          /* name neither dialogue nor forum of this record */
	struct overview_table *table_list; /* by track, then date; forums behind */
	size_t n_table_list;

	struct overview_agreement *agreements; /* by date; those without behind */
	size_t n_agreements, n_agreements_in_all;
	int64_t n_commitments;               /* that stand: not released, replaced or withdrawn */
	int64_t n_dropped;                   /* the others */
	int64_t fates[N_FATES];              /* of those that stand */
	int64_t n_judged_differently;        /* the latest words of several sayers differ */
	int64_t n_undated;                   /* of those that stand and are not complete: without a due date */
	struct overview_commitment *overdue; /* not complete, due before now; the longest first */
	size_t n_overdue, n_overdue_in_all;
	int64_t n_reported_late;          /* due before now and reported on without a level: neither kept nor overdue */
	struct overview_commitment *next; /* not complete, the nearest first */
	size_t n_next, n_next_in_all;
	struct overview_ceasefire *ceasefires; /* by beginning */
	size_t n_ceasefires, n_ceasefires_in_all;
	struct overview_deed *deeds; /* by date */
	size_t n_deeds, n_deeds_in_all;
	struct overview_listed *listed; /* by name */
	size_t n_listed;
	int64_t n_listings;                  /* that hold */
	struct overview_exchange *exchanges; /* by date */
	size_t n_exchanges, n_exchanges_in_all;

	struct overview_channel *channels; /* contested and blocked ones first, then those spoken of last */
	size_t n_channels, n_channels_in_all;
	struct overview_notice *notices; /* the latest first */
	size_t n_notices, n_notices_in_all;
	struct overview_measure *measures; /* the latest first */
	size_t n_measures, n_measures_in_all;

	struct overview_incidents *incidents; /* in the order of the handling; without a state last */
	size_t n_incident_states;
	int64_t n_incidents;  /* in all of these */
	int64_t n_published;  /* of these: told by publishers alone */
	int64_t n_not_events; /* left out: of the past or future, hypothetical, or said not to have happened */
	int64_t n_confirmed, n_denied, n_cannot_tell; /* attestations */

	struct overview_episode *episodes; /* by date */
	size_t n_episodes, n_episodes_in_all;

	/* Numbers, dates, codes, things and places, words: each sort that there is has its share. Of a sort what has most
	 * values comes first, then the latest. */
	struct overview_contest *contests;
	size_t n_contests;
	int64_t n_contested_fields, n_contested_objects;

	struct overview_alerts *alerts; /* rules that found something, in the order of urgency */
	size_t n_alerts;
};

/** Read the overview of all that a view holds; cut the view to one process, reader and day before.
 * @param as_of_ms  the cut's: exclusive, INT64_MAX for none
 * @param now_ms    the clock, for views without an as-of
 * @param ret       filled, in the arena */
MUST_CHECK int overview_read(struct view *view, struct arena *a, int64_t as_of_ms, int64_t now_ms, struct overview *ret,
			     struct err *err);

#endif
