// Wires: the resistances along and at the ends of an array's lines, i = g (v_a - v_b), and currents taken over by virtual grounds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "devices/kind.hpp"

namespace settle {

/// Segments named by rules; made for arrays of millions, so a segment is two rows and a conductance.
class Wires final : public Element {
 public:
  Wires();

  /// Segments of one name rule follow each other.
  void begin(Lattice names, Location where);
  void add(Index a, Index b, double conductance) { segment_.push_back({static_cast<int>(a), static_cast<int>(b), conductance}); }
  /// A current `conductance` times the voltage of `from` goes into `into`: what a virtual ground collects, delivered.
  void mirror(Index from, Index into, double conductance) { mirror_.push_back({static_cast<int>(from), static_cast<int>(into), conductance}); }

  const Kind& kind() const override;
  Index count() const override { return static_cast<Index>(segment_.size()); }
  std::string name(Index segment) const override;
  Index find(std::string_view name) const override;
  Location where(Index segment) const override { return part_of(segment).where; }
  std::vector<Index> rows(Index segment) const override;
  bool linear() const override { return true; }

  void add_rate(const Block<double>& x, const Moment&, Block<double>& f) const override;
  void add_rate(const Block<Complex>& x, const Moment&, Block<Complex>& f) const override;
  void add_noise(const Block<double>&, const Moment&, const Environment& environment, std::vector<NoiseSource>& sources) const override;
  void add_jacobian(const Block<double>&, const Moment&, Stamps<double>& J) const override;
  void add_jacobian(const Block<Complex>&, const Moment&, Stamps<Complex>& J) const override;

  std::vector<Quantity> quantities(Index) const override;
  double observe(Index segment, std::size_t quantity, const Solution<double>& at, Index sample) const override;
  Complex observe(Index segment, std::size_t quantity, const Solution<Complex>& at, Index sample) const override;
  Complex observe_small(Index segment, std::size_t quantity, const Solution<double>& rest, const Solution<Complex>& small) const override;

  double field(Index segment, std::size_t field) const override;
  void set_field(Index segment, std::size_t field, double value) override;
  void prepare(const Environment&) override {}

 private:
  struct Segment {
    int a, b;
    double g;  // S
  };
  struct Part {
    Lattice names;
    Location where;
    Index first;
  };
  const Part& part_of(Index segment) const;
  const Segment& segment(Index k) const { return segment_[static_cast<std::size_t>(k)]; }
  template <Scalar S>
  S drop(Index k, const Block<S>& x, Index sample) const {
    return x(segment(k).a, sample) - x(segment(k).b, sample);
  }
  template <Scalar S>
  void rate(const Block<S>& x, Block<S>& f) const;
  template <Scalar S>
  void jacobian(Stamps<S>& J) const;

  std::vector<Segment> segment_, mirror_;
  std::vector<Part> part_;
};

}  // namespace settle
