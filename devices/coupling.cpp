// Coupling of two inductors: M = k sqrt(L1 L2) in the rows of both currents.
#include "devices/population.hpp"
#include "sim/error.hpp"

#include <cmath>

namespace settle {
namespace {

class Couplings final : public Population {
 public:
  Couplings(const Kind& kind, std::span<const Instance> instances, const Rows& rows, const Environment& environment)
      : Population(kind, instances, environment) {
    for (Index k = 0; k < count(); ++k) {
      pair_.push_back(coils(instances[static_cast<std::size_t>(k)], rows));
      for (const CurrentCarrier& coil : pair_.back()) own(k, coil.row);
    }
  }
  bool linear() const override { return true; }

  void add_rate(const Block<double>&, const Moment&, Block<double>&) const override {}
  void add_rate(const Block<Complex>&, const Moment&, Block<Complex>&) const override {}
  void add_jacobian(const Block<double>&, const Moment&, Stamps<double>&) const override {}
  void add_jacobian(const Block<Complex>&, const Moment&, Stamps<Complex>&) const override {}
  void add_mass(Stamps<double>& M) const override {
    for (Index k = 0; k < count(); ++k) {
      const auto& [first, second] = pair_[static_cast<std::size_t>(k)];
      M.add(first.row, second.row, mutual(k));
      M.add(second.row, first.row, mutual(k));
    }
  }

  std::vector<Quantity> quantities(Index) const override { return {{"m", "H", "mutual inductance"}}; }
  double observe(Index k, std::size_t, const Solution<double>&, Index) const override { return mutual(k); }
  Complex observe(Index k, std::size_t, const Solution<Complex>&, Index) const override { return mutual(k); }
  Complex observe_small(Index, std::size_t, const Solution<double>&, const Solution<Complex>&) const override { return 0.0; }

 private:
  using Coils = std::array<CurrentCarrier, 2>;

  static Coils coils(const Instance& instance, const Rows& rows) {
    Coils found;
    for (std::size_t j = 0; j < 2; ++j) {
      const std::string name = j < instance.references.size() ? instance.references[j] : "";
      const CurrentCarrier* coil = rows.carrier(name);
      if (!coil || coil->element->kind().name != "inductor")
        throw Error(Fault::netlist, "'" + instance.name + "' couples '" + name + "', which is not an inductor; write for example K1 L1 L2 0.99");
      found[j] = *coil;
    }
    if (found[0].row == found[1].row) throw Error(Fault::netlist, "'" + instance.name + "' couples '" + instance.references[0] + "' with itself");
    return found;
  }
  double mutual(Index k) const {
    const auto& [first, second] = pair_[static_cast<std::size_t>(k)];
    return value(k, "k") * std::sqrt(std::abs(first.element->mass(first.device) * second.element->mass(second.device)));
  }

  std::vector<Coils> pair_;
};

class CouplingKind final : public Kind {
 public:
  CouplingKind() {
    name = "coupling";
    help = "magnetic coupling of two inductors";
    letter = 'k';
    principal = "k";
    fields = {{"k", "", "coupling coefficient", not_given, -1.0, 1.0}};
    references = 2;
    stage = 3;
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows& rows, const Environment& environment) const override {
    return std::make_unique<Couplings>(*this, instances, rows, environment);
  }
};

const Registered<Kind, CouplingKind> registered("coupling");

}  // namespace
}  // namespace settle
