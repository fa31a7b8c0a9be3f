// Places: from the places all elements stamp to the sparse pattern of the unknowns, its border, and the slot of every stamp.
#pragma once

#include <vector>

#include "sim/pattern.hpp"

namespace settle {

/// An entry of df/dx or M in a driven node's row or column; its value stands behind the pattern's.
struct Border {
  Place place;
  Index slot = 0;
};

/// Rows below `fixed` are driven, the one at 0 is ground; stamps that touch ground all share the last slot.
struct PlacePlan {
  Pattern pattern;
  std::vector<Border> border;
  Index slots = 0;
  std::vector<std::vector<int>> slot_of;  // per list of places given
};

PlacePlan plan_places(const std::vector<const std::vector<Place>*>& lists, Index rows, Index fixed);

}  // namespace settle
