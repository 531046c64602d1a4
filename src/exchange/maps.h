/* The maps of src/exchange/maps/, as texts in the program (made by tools/embed). See map.h. */
#ifndef PARLEY_EXCHANGE_MAPS_H
#define PARLEY_EXCHANGE_MAPS_H

extern const char map_acled[];
extern const char map_edges[];
extern const char map_gml[];
extern const char map_graphml[];
extern const char map_icews[];
extern const char map_nodes[];
extern const char map_pajek[];
extern const char map_pax_signatories[];
extern const char map_pax[];
extern const char map_plover[];
extern const char map_sigacts[];
extern const char map_ucdp_actors[];
extern const char map_ucdp_agreements[];
extern const char map_ucdp_ged[];
extern const char map_ucdp_terminations[];

#endif
