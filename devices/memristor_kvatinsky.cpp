// What can be wrong with the parameters of TEAM and VTEAM.
#include "devices/memristor_kvatinsky.hpp"

namespace settle {

std::string Barrier::barrier_fault() const {
  if (!(xoff > xon)) return fmt::format("xoff = {:g} m must be above xon = {:g} m", xoff, xon);
  if (begin() < xon || begin() > xoff) return fmt::format("x0 = {:g} m lies outside xon = {:g} m .. xoff = {:g} m", x0, xon, xoff);
  if (ivrelation != 0.0 && ivrelation != 1.0) return fmt::format("ivrelation = {:g} is neither 0 (linear) nor 1 (exponential)", ivrelation);
  return window_fault(true);
}

}  // namespace settle
