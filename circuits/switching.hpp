// Switching: the events of a circuit's elements as events of an integration.
#pragma once

#include "circuits/dynamics.hpp"
#include "sim/integrate.hpp"

namespace settle {

/// An event lies where an element's event value passes zero from below; the element then changes its mode. One sample.
template <Scalar S>
class Switching final : public Events<S> {
 public:
  explicit Switching(Dynamics<S>& dynamics) : dynamics_(dynamics) {
    for (const auto& element : dynamics.circuit().elements())
      for (Index k = 0; k < element->events(); ++k) event_.push_back({element.get(), k});
  }
  Index count() const override { return static_cast<Index>(event_.size()); }

  void evaluate(double t, const Block<S>& x, Vector<double>& g) override {
    g.resize(count());
    const Moment now = dynamics_.moment(t);
    const Block<double> all = dynamics_.extended(x, now).real();
    double* place = g.data();
    for (const auto& element : dynamics_.circuit().elements()) {
      element->event_values(all, now, place);
      place += element->events();
    }
  }
  void fire(Index k, double, Block<S>&) override {
    const auto& [element, event] = event_[static_cast<std::size_t>(k)];
    element->fire(event, 0, dynamics_.modes());
  }

 private:
  struct Event {
    const Element* element;
    Index index;
  };
  Dynamics<S>& dynamics_;
  std::vector<Event> event_;
};

}  // namespace settle
