// Attributes: the named scalars, texts and short vectors a trace carries beside its datasets.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace settle {

using Attribute = std::variant<std::string, double, std::int64_t, std::vector<double>>;
using Attributes = std::vector<std::pair<std::string, Attribute>>;

}  // namespace settle
