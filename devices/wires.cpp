// The wires' equations, and the kind that gives segments their name in tables and messages.
#include "devices/wires.hpp"

#include <algorithm>
#include <unordered_map>

namespace settle {
namespace {

/// Not registered: wires come with their array, never from a card of their own.
class WireKind final : public Kind {
 public:
  WireKind() {
    name = "wire";
    help = "a segment of an array's wires";
    terminals = {"a", "b"};
    fields = {{"r", "Ohm", "resistance", not_given, 0.0}};
  }
  std::unique_ptr<Element> make(std::span<const Instance>, Rows&, const Environment&) const override { return nullptr; }
};

}  // namespace

Wires::Wires() = default;

const Kind& Wires::kind() const {
  static const WireKind kind;
  return kind;
}

void Wires::begin(Lattice names, Location where) { part_.push_back({std::move(names), where, count()}); }

const Wires::Part& Wires::part_of(Index segment) const {
  const auto after = std::upper_bound(part_.begin(), part_.end(), segment, [](Index k, const Part& p) { return k < p.first; });
  return *(after - 1);
}

std::string Wires::name(Index segment) const {
  const Part& part = part_of(segment);
  return part.names.name(segment - part.first);
}

Index Wires::find(std::string_view name) const {
  for (const Part& part : part_)
    if (const Index member = part.names.find(name); member >= 0) return part.first + member;
  return -1;
}

std::vector<Index> Wires::rows(Index k) const { return {segment(k).a, segment(k).b}; }

template <Scalar S>
void Wires::rate(const Block<S>& x, Block<S>& f) const {
  const Index samples = x.cols();
  for (const Segment& w : segment_) {
    const S *va = x.data() + w.a * samples, *vb = x.data() + w.b * samples;
    S *fa = f.data() + w.a * samples, *fb = f.data() + w.b * samples;
    for (Index s = 0; s < samples; ++s) {
      const S i = w.g * (va[s] - vb[s]);
      fa[s] -= i;
      fb[s] += i;
    }
  }
  for (const Segment& m : mirror_) f.row(m.b) += m.g * x.row(m.a);
}

template <Scalar S>
void Wires::jacobian(Stamps<S>& J) const {
  for (const Segment& w : segment_) {
    J.add(w.a, w.a, S(-w.g));
    J.add(w.a, w.b, S(w.g));
    J.add(w.b, w.a, S(w.g));
    J.add(w.b, w.b, S(-w.g));
  }
  for (const Segment& m : mirror_) J.add(m.b, m.a, S(m.g));
}

void Wires::add_rate(const Block<double>& x, const Moment&, Block<double>& f) const { rate(x, f); }
void Wires::add_rate(const Block<Complex>& x, const Moment&, Block<Complex>& f) const { rate(x, f); }
void Wires::add_jacobian(const Block<double>&, const Moment&, Stamps<double>& J) const { jacobian(J); }
void Wires::add_jacobian(const Block<Complex>&, const Moment&, Stamps<Complex>& J) const { jacobian(J); }

/// A virtual ground delivers the noise of the segment it ends with the segment's current.
void Wires::add_noise(const Block<double>&, const Moment&, const Environment& environment, std::vector<NoiseSource>& sources) const {
  const double per_siemens = 4.0 * boltzmann * environment.temperature;
  std::unordered_map<int, const Segment*> delivered;
  for (const Segment& m : mirror_) delivered.emplace(m.a, &m);
  for (Index k = 0; k < count(); ++k) {
    const Segment& w = segment(k);
    NoiseSource source{.device = k, .what = "thermal", .from = w.a, .to = w.b, .density = per_siemens * w.g};
    if (const auto m = delivered.find(w.a); w.b == Rows::ground && m != delivered.end()) source.to = m->second->b, source.in = m->second->g / w.g;
    sources.push_back(source);
  }
}

std::vector<Quantity> Wires::quantities(Index) const { return {{"i", "A", "current from the driven end to the sensed end"}, {"p", "W", "power taken up"}}; }

double Wires::observe(Index k, std::size_t quantity, const Solution<double>& at, Index sample) const {
  const double v = drop(k, at.x(), sample);
  return segment(k).g * v * (quantity == 0 ? 1.0 : v);
}

Complex Wires::observe(Index k, std::size_t quantity, const Solution<Complex>& at, Index sample) const {
  const Complex v = drop(k, at.x(), sample);
  return segment(k).g * v * (quantity == 0 ? 1.0 : v);
}

Complex Wires::observe_small(Index k, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const {
  return segment(k).g * drop(k, small.x(), 0) * (quantity == 0 ? 1.0 : 2.0 * drop(k, rest.x(), 0));
}

double Wires::field(Index k, std::size_t) const { return 1.0 / segment(k).g; }

void Wires::set_field(Index k, std::size_t, double value) {
  if (!(value > 0.0)) throw Error(Fault::usage, "'" + name(k) + "' is a wire: its resistance must be positive");
  segment_[static_cast<std::size_t>(k)].g = 1.0 / value;
}

}  // namespace settle
