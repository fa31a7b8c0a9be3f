// Own quantities: what an expression that is evaluated for every member of an array reads of the member, its indices and random numbers.
#pragma once

#include <string_view>

namespace settle {

/// Names that derive from this, too, make inputs (kind device_quantity, of the device "") of the names it owns, and of every random draw:
/// "uniform" or "normal" and the number of the draw, {"", "normal 0"}.
class OwnQuantities {
 public:
  virtual ~OwnQuantities() = default;
  virtual bool owns(std::string_view name) const = 0;
};

}  // namespace settle
