// Tables of a report: numbers by name, in aligned columns.
#pragma once

#include <string>

#include "circuits/analysis.hpp"

namespace settle {

/// The table with its title; rows beyond `shown` are counted.
std::string table_text(const FactTable& table);

}  // namespace settle
