// Finding a stepper by its name.
#include "sim/stepper.hpp"

#include "sim/error.hpp"

namespace settle {

template <Scalar S>
std::unique_ptr<Stepper<S>> make_stepper(const std::string& method, const System<S>& system, const StepOptions& options) {
  if (const StepperKind* kind = Registry<StepperKind>::find(method)) return kind->make(system, options);
  std::string known;
  for (const auto& [name, kind] : Registry<StepperKind>::all()) known += (known.empty() ? "" : ", ") + name;
  throw Error(Fault::usage, "unknown method '" + method + "'; known are " + known);
}

template std::unique_ptr<Stepper<double>> make_stepper(const std::string&, const System<double>&, const StepOptions&);
template std::unique_ptr<Stepper<Complex>> make_stepper(const std::string&, const System<Complex>&, const StepOptions&);

}  // namespace settle
