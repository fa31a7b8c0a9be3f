// Names, places and parameter values of the devices of one kind.
#include "devices/population.hpp"

#include <stdexcept>

namespace settle {

Population::Population(const Kind& kind, std::span<const Instance> instances, const Environment& environment)
    : kind_(kind), environment_(environment) {
  for (const Instance& instance : instances) {
    Member member{instance.name, instance.where, instance.rows, {}, {}};
    for (const Field& field : kind.fields) member.value.push_back(field.initial);
    for (const auto& [name, value] : instance.values) {
      const std::size_t field = kind.field_index(name);
      if (field == std::string::npos) throw std::logic_error(kind.name + " has no field " + name);
      member.value[field] = value;
    }
    member_.push_back(std::move(member));
  }
}

std::vector<Index> Population::rows(Index k) const {
  std::vector<Index> all = member(k).rows;
  all.insert(all.end(), member(k).rows_of_states.begin(), member(k).rows_of_states.end());
  return all;
}

void Population::set_field(Index k, std::size_t field, double value) {
  member_[static_cast<std::size_t>(k)].value[field] = value;
  derive(k);
}

void Population::prepare(const Environment& environment) {
  environment_ = environment;
  for (Index k = 0; k < count(); ++k) derive(k);
}

}  // namespace settle
