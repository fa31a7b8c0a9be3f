// Rates, bounds and writers of learning devices.
#include "learning/updater.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "circuits/probe_text.hpp"
#include "sim/error.hpp"

namespace settle {

double RateSettings::factor(long epoch, long epochs) const {
  const double share = epochs > 1 ? static_cast<double>(epoch) / static_cast<double>(epochs - 1) : 0.0;
  switch (schedule) {
    case Schedule::constant: break;
    case Schedule::exponential: return std::pow(last, share);
    case Schedule::cosine: return last + (1.0 - last) * 0.5 * (1.0 + std::cos(std::numbers::pi * share));
  }
  return 1.0;
}

Updater::Updater(Weights& weights, const RateSettings& rates, const MakeOptimizer& optimizer, std::uint64_t seed)
    : weights_(weights), optimizer_(optimizer(weights.count())), values_(weights.values()), rate_(Vector<double>::Constant(weights.count(), rates.rate)), lower_(rate_), upper_(rate_) {
  std::vector<bool> met(rates.of_devices.size());
  for (Index k = 0; k < weights.count(); ++k) {
    const std::string name = weights.name(k), &group = weights.group_of(k).name;
    for (std::size_t p = 0; p < rates.of_devices.size(); ++p)
      if (glob(rates.of_devices[p].first, name) || glob(rates.of_devices[p].first, group)) rate_[k] = rates.of_devices[p].second, met[p] = true;
    const auto [least, most] = weights.range(k);
    lower_[k] = least, upper_[k] = most;
  }
  for (std::size_t p = 0; p < met.size(); ++p)
    if (!met[p]) throw Error(Fault::netlist, fmt::format("rate({})= fits no device that learns", rates.of_devices[p].first));
  for (const Weights::Group& group : weights.groups()) {
    writers_.push_back(group.write ? group.write->make(static_cast<std::size_t>(group.count()), {seed, "learn " + group.name}) : nullptr);
    if (writers_.back()) writers_.back()->start({values_.data() + group.first, static_cast<std::size_t>(group.count())});
  }
  weights_.set(values_);
}

void Updater::write(const Weights::Group& group, Writer* writer, const Vector<double>& change, std::uint64_t step) {
  const auto part = [&](auto& vector) { return std::span(vector.data() + group.first, static_cast<std::size_t>(group.count())); };
  if (!writer) {
    const auto of_group = [&](auto& all) { return all.segment(group.first, group.count()).array(); };
    of_group(values_) = (of_group(values_) + of_group(change)).max(of_group(lower_)).min(of_group(upper_));
    return;
  }
  const WriteTally made = writer->write(part(values_), part(change), step);
  tally_.up += made.up, tally_.down += made.down;
  tally_.energy += made.energy, tally_.time += made.time, tally_.longest += made.longest;
}

bool Updater::update(const Vector<double>& gradient, double factor, std::uint64_t step) {
  const Vector<double> change = optimizer_->change(gradient, factor * rate_), before = values_;
  for (std::size_t g = 0; g < writers_.size(); ++g) write(weights_.groups()[g], writers_[g].get(), change, step);
  for (const Vector<double>* all : {&change, static_cast<const Vector<double>*>(&values_)})
    for (Index k = 0; k < all->size() && !all->allFinite(); ++k)
      if (!std::isfinite((*all)[k])) throw Error(Fault::simulation, fmt::format("the update of '{}' is not a number: the rate is too large, or the circuit did not settle", weights_.name(k)));
  if (values_ == before) return false;
  weights_.set(values_);
  return true;
}

Index Updater::at_bounds() const { return ((values_.array() <= lower_.array()) || (values_.array() >= upper_.array())).count(); }

std::vector<std::pair<std::string, std::vector<double>>> Updater::memory() {
  std::vector<std::pair<std::string, std::vector<double>>> all{{"weights", {values_.data(), values_.data() + values_.size()}}};
  const std::vector<Vector<double>*> of_optimizer = optimizer_->memory();
  for (std::size_t k = 0; k < of_optimizer.size(); ++k) all.emplace_back(fmt::format("optimizer{}", k), std::vector<double>(of_optimizer[k]->data(), of_optimizer[k]->data() + of_optimizer[k]->size()));
  for (std::size_t g = 0; g < writers_.size(); ++g) {
    if (!writers_[g]) continue;
    const std::vector<std::vector<double>*> of_writer = writers_[g]->memory();
    for (std::size_t k = 0; k < of_writer.size(); ++k) all.emplace_back(fmt::format("writer{}.{}", g, k), *of_writer[k]);
  }
  all.emplace_back("tally", std::vector<double>{static_cast<double>(tally_.up), static_cast<double>(tally_.down), tally_.energy, tally_.time, tally_.longest});
  return all;
}

void Updater::remember(const std::vector<std::pair<std::string, std::vector<double>>>& memory) {
  const auto find = [&](const std::string& name) -> const std::vector<double>& {
    for (const auto& [known, values] : memory)
      if (known == name) return values;
    throw Error(Fault::file, fmt::format("the checkpoint holds no '{}', so it is of another training", name));
  };
  const auto restore = [&](const std::string& name, double* to, std::size_t size) {
    const std::vector<double>& values = find(name);
    if (values.size() != size) throw Error(Fault::file, fmt::format("the checkpoint holds {} numbers of '{}' where this training has {}, so it is of another deck", values.size(), name, size));
    std::copy(values.begin(), values.end(), to);
  };
  restore("weights", values_.data(), static_cast<std::size_t>(values_.size()));
  const std::vector<Vector<double>*> of_optimizer = optimizer_->memory();
  for (std::size_t k = 0; k < of_optimizer.size(); ++k) restore(fmt::format("optimizer{}", k), of_optimizer[k]->data(), static_cast<std::size_t>(of_optimizer[k]->size()));
  for (std::size_t g = 0; g < writers_.size(); ++g) {
    if (!writers_[g]) continue;
    const std::vector<std::vector<double>*> of_writer = writers_[g]->memory();
    for (std::size_t k = 0; k < of_writer.size(); ++k) restore(fmt::format("writer{}.{}", g, k), of_writer[k]->data(), of_writer[k]->size());
  }
  const std::vector<double>& tally = find("tally");
  tally_ = {static_cast<std::int64_t>(tally.at(0)), static_cast<std::int64_t>(tally.at(1)), tally.at(2), tally.at(3), tally.at(4)};
  weights_.set(values_);
}

}  // namespace settle
