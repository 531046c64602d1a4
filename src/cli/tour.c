/* The seven steps, on examples/havana. */
#include "cli/tour.h"

#include "base/bytes.h"

const struct tour_step tour_steps[] = {
	{ "who sits where",
	  { { .say = "A process runs through many tables at once, and no one sees the whole. The overview puts sides, "
		     "levels of "
		     "society and tables on one page. It also shows what is missing: who has no table, which table has "
		     "not "
		     "met.",
	      .words = { "process", "show", "--part", "sides", "--part", "pyramid", "--part", "tables" } } } },
	{ "two sources disagree",
	  { { .say = "Parley keeps claims, not facts. When did the truce of December 2014 end, and by whose doing? "
		     "Each side has its "
		     "own account. Both stand side by side, with who says it, who wrote it down, the source and its "
		     "grade. Nobody "
		     "overwrites anybody.",
	      .words = { "show", "@havana/cf-dec14" } },
	    { .waits = true,
	      .say = "Every claim has a day on which it was true and a day since when it was known. This is what could "
		     "be known on 1 "
		     "May 2015:",
	      .words = { "process", "show", "--part", "ceasefires", "--known", "2015-05-01" } } } },
	{ "a promise and its fate",
	  { { .say = "Promises are misremembered. Here is one with its due date, its source, and what was judged of it "
		     "later; "
		     "below, what names it.",
	      .words = { "show", "@havana/com-arms-1" } },
	    { .waits = true,
	      .say = "The judgement is a claim of its own, with its own day: the promise was kept, three months late.",
	      .words = { "show", "@havana/ful-arms-1" } } } },
	{ "write one",
	  { { .say = "Whatever you write is checked against the vocabulary, signed by this device, sealed for the "
		     "circle of the "
		     "process and on the disk before the command ends. (This promise is invented for the tour.)",
	      .words = { "add", "commitment", "--id", "@tour/call", "summary=Call back by Friday noon",
			 "obligor=@havana/farc-ep", "form=spoken", "when=2016-11-25", "due=2016-12-02", "grade=B2",
			 "note=invented for the tour" } },
	    { .words = { "show", "@tour/call" } },
	    { .say = "A value that is not what its field takes is refused, and nothing is added:",
	      .words = { "set", "@tour/call", "due=next Friday", "when=2016-11-25" },
	      .status = 1 } } },
	{ "take it back",
	  { { .say = "Nothing is erased silently. A retracted claim no longer counts, and the record keeps both it and "
		     "the "
		     "retraction, so that nobody can say later that it was never said.",
	      .words = { "retract", "@tour/call", "--reason", "an exercise" } },
	    { .words = { "log", "@tour/call" } } } },
	{ "damage one bit and verify",
	  { { .say = "A failing disk or a forger changes bytes. Verify opens every row and checks every signature and "
		     "chain, so a "
		     "single bit turned over is found and its place is named.",
	      .words = { "verify" },
	      .status = 1,
	      .damaged = true },
	    { .say = "The bit is turned back, and all is as it was written:", .words = { "verify" } } } },
	{ "who may read this",
	  { { .say = "Everything in the home is sealed; only members of a circle can open its entries. This circle has "
		     "one: the "
		     "organisation of the tour, with one device.",
	      .words = { "process", "list" } },
	    { .say = "Beside that each claim carries a marking. A line to take is for one's own organisation unless "
		     "one says "
		     "otherwise:",
	      .words = { "add", "line", "--id", "@tour/line", "topic=Amnesty", "may_say=The law will follow the accord",
			 "note=invented for the tour" } },
	    { .words = { "list", "line" } },
	    { .say = "To a reader who may see only what is public it is not there:",
	      .words = { "list", "line", "--tlp", "clear" } } } },
};

const size_t tour_n_steps = ARRAY_LEN(tour_steps);
