// What TEAM and VTEAM share: a barrier of width x between xon and xoff that moves only beyond a threshold (Kvatinsky et al.,
// 10.1109/TCSI.2012.2215714 and 10.1109/TCSII.2015.2433536). With s the current (TEAM) or the voltage (VTEAM):
//   dx/dt = koff (s/soff - 1)^alphaoff f_off(x) for s > soff > 0, kon (s/son - 1)^alphaon f_on(x) for s < son < 0, else 0
//   R = ron + (roff - ron) u, or with ivrelation=1 ron (roff/ron)^u, u = (x - xon)/(xoff - xon)
#pragma once

#include "devices/memristor_state.hpp"

namespace settle {

struct Barrier : Window {
  double ron = 50.0, roff = 1e3, koff = 0.0, kon = 0.0, alphaoff = 3.0, alphaon = 3.0, soff = 0.0, son = 0.0;
  double xon = 0.0, xoff = 3e-9, aon = 0.0, aoff = 3e-9, wc = 1.07e-12, ivrelation = 0.0, x0 = not_given;

  double begin() const { return x0 == x0 ? x0 : xon; }
  double width() const { return xoff - xon; }

  template <class T>
  T share(const T& x) const {
    return (x - xon) / width();
  }
  template <class T>
  T resistance(const T& x) const {
    using std::exp;
    return ivrelation == 0.0 ? T(ron + (roff - ron) * share(x)) : T(ron * exp(std::log(roff / ron) * share(x)));
  }
  template <class T>
  T drift(const T& s, const T& x) const {
    if (re(s) > soff) return koff * positive_power(T(s / soff - 1.0), alphaoff) * windowed(share(x), true, cutoff());
    if (re(s) < son) return kon * positive_power(T(s / son - 1.0), alphaon) * windowed(share(x), false, cutoff());
    return T(0.0);
  }

  std::string resistance_text() const {
    const std::string u = share_text();
    return ivrelation == 0.0 ? fmt::format("({}+{}*{})", exact(ron), exact(roff - ron), u) : fmt::format("({}*exp({}*{}))", exact(ron), exact(std::log(roff / ron)), u);
  }
  std::string drift_text(const std::string& s) const {
    const auto moved = [&](double k, double threshold, double alpha, const char* upward) {
      return fmt::format("{}*max(0,{}/{}-1)^{}*{}", exact(k), s, exact(threshold), exact(alpha), window_text(share_text(), upward, cutoff()));
    };
    return fmt::format("{} > {} ? {} : ({} < {} ? {} : 0)", s, exact(soff), moved(koff, soff, alphaoff, "1"), s, exact(son), moved(kon, son, alphaon, "0"));
  }
  std::string barrier_fault() const;

 private:
  std::string share_text() const { return fmt::format("((v(x)-{})/{})", exact(xon), exact(width())); }
  Cutoff cutoff() const { return {(aon - xon) / width(), (aoff - xon) / width(), wc / width()}; }
};

/// Fields of either; `s` is "i" or "v", `unit` its unit.
template <class D>
std::vector<MemberField<D>> barrier_fields(const D& standard, const std::string& s, const std::string& unit) {
  const std::string what = s == "i" ? "current" : "voltage";
  return join<D>(
      {{{"x0", "m", "initial width of the barrier; by default xon", not_given}, &Barrier::x0},
       {model_field("ron", "Ohm", "resistance at x = xon", standard.ron, 1e-3), &Barrier::ron},
       {model_field("roff", "Ohm", "resistance at x = xoff", standard.roff, 1e-3), &Barrier::roff},
       {model_field("koff", "m/s", "speed of growth", standard.koff, 0.0), &Barrier::koff},
       {model_field("kon", "m/s", "speed of shrinking, negative", standard.kon, -Field::unbounded, 0.0), &Barrier::kon},
       {model_field("alphaoff", "", "exponent of growth", standard.alphaoff, 0.1, 64.0), &Barrier::alphaoff},
       {model_field("alphaon", "", "exponent of shrinking", standard.alphaon, 0.1, 64.0), &Barrier::alphaon},
       {model_field(s + "off", unit, what + " above which the barrier grows", standard.soff, 1e-15), &Barrier::soff},
       {model_field(s + "on", unit, what + ", negative, below which it shrinks", standard.son, -Field::unbounded, -1e-15), &Barrier::son},
       {model_field("xon", "m", "width in the conducting state", standard.xon), &Barrier::xon},
       {model_field("xoff", "m", "width in the insulating state", standard.xoff), &Barrier::xoff},
       {model_field("aon", "m", "window 4: where shrinking ends", standard.aon), &Barrier::aon},
       {model_field("aoff", "m", "window 4: where growth ends", standard.aoff), &Barrier::aoff},
       {model_field("wc", "m", "window 4: sharpness", standard.wc, 1e-18), &Barrier::wc},
       {{"ivrelation", "", "0: R linear in x, 1: exponential", 0.0, 0.0, 1.0}, &Barrier::ivrelation},
       multiplicity_field<D>()},
      window_fields<D>(standard.window, true));
}

}  // namespace settle
