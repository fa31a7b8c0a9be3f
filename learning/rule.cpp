// What rules have in common.
#include "learning/rule.hpp"

#include <fmt/format.h>

namespace settle {

CardParameter read_noise_parameter() { return {"read_noise=", "V", "0", "standard deviation of every activity a state is read with, on either rail"}; }

std::string no_energy_form(const Weights& weights) {
  for (const Weights::Group& group : weights.groups()) {
    const Index device = group.device.front();
    if (!group.element->linear() || group.element->rows(device).size() != 2)
      return fmt::format("squared voltages across two-terminal conductances are compared, and '{}' ({}) is none", group.element->name(device), group.element->kind().name);
  }
  return {};
}

}  // namespace settle
