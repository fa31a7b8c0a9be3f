// Energy: power of every device, summed by kind and integrated.
#include "circuits/energy.hpp"

#include <cmath>

namespace settle {
namespace {

/// Power taken up by all devices of an element.
double power(const Element& element, const Snapshot<double>& at) {
  double sum = 0.0;
  for (Index device = 0; device < element.count(); ++device) {
    const std::vector<Quantity> quantities = element.quantities(device);
    for (std::size_t k = 0; k < quantities.size(); ++k)
      if (quantities[k].name == "p") sum += element.observe(device, k, at, 0);
  }
  return sum;
}

}  // namespace

Energy::Energy(const Circuit& circuit) : circuit_(circuit), joules_(circuit.elements().size(), 0.0) {}

std::vector<ProbeLabel> Energy::labels() const {
  std::vector<ProbeLabel> labels;
  for (const auto& element : circuit_.elements()) {
    const std::string& kind = element->kind().name;
    labels.push_back({"energy(" + kind + ")", "energy", "J", kind, "kind"});
  }
  return labels;
}

void Energy::add(double from, double to, const std::function<Snapshot<double>(double)>& at) {
  const double middle = 0.5 * (from + to), half = 0.5 * (to - from), node = half / std::sqrt(3.0);
  for (double t : {middle - node, middle + node}) {
    const Snapshot<double> now = at(t);
    for (std::size_t k = 0; k < joules_.size(); ++k) joules_[k] += half * power(*circuit_.elements()[k], now);
  }
}

}  // namespace settle
