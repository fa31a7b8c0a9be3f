// Words of cards that stand for many: vin[0:n-1], x[0:27,0:27], features 0:3,7; ends of ranges may be expressions of parameters.
#pragma once

#include <string>
#include <vector>

#include "circuits/netlist.hpp"

namespace settle {

/// The members of a bus, the last index running fastest; the word itself if it is none. Throws Error(Fault::netlist), without a place.
std::vector<std::string> bus_names(const std::string& word, const Netlist& netlist);

/// "0:3,7" as 0 1 2 3 7; down if the last is smaller. Throws Error(Fault::netlist), without a place.
std::vector<Index> index_list(const std::string& text, const Netlist& netlist);

}  // namespace settle
