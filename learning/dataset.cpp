// Names of what has no name.
#include "learning/dataset.hpp"

namespace settle {

std::vector<std::string> numbered_names(const std::string& stem, Index count) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(count));
  for (Index k = 0; k < count; ++k) names.push_back(stem + std::to_string(k));
  return names;
}

}  // namespace settle
