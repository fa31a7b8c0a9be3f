// temp
#include "circuits/measure.hpp"
namespace settle {
struct Measures::State { Probes probes; };
Measures::Measures(const Circuit&, const Netlist&, const std::string&, Diagnostics&) : state_(new State) {}
Measures::~Measures() = default;
const Probes& Measures::probes() const { return state_->probes; }
void Measures::point(double, std::span<const double>) {}
void Measures::point(double, std::span<const Complex>) {}
std::vector<Measured> Measures::results() const { return {}; }
}
