// Rodas4P: Rosenbrock method of order 4 (estimate 3) with 6 stages, L-stable and stiffly accurate, keeping its order on index-1 DAEs
// and parabolic problems (G. Steinebach, Order-reduction of ROW-methods for DAEs and method of lines applications, TH Darmstadt 1995).
#include "sim/rosenbrock.hpp"

namespace settle {
namespace {

const RosenbrockTableau tableau{
    .gamma = 0.25,
    .a = {{},
          {3.0},
          {1.831036793486759, 0.4955183967433795},
          {2.304376582692669, -0.05249275245743001, -1.176798761832782},
          {-7.170454962423024, -4.741636671481785, -16.31002631330971, -1.062004044111401},
          {-7.170454962423024, -4.741636671481785, -16.31002631330971, -1.062004044111401, 1.0}},
    .C = {{},
          {-12.0},
          {-8.791795173947035, -2.207865586973518},
          {10.81793056857153, 6.780270611428266, 19.53485944642410},
          {34.19095006749676, 15.49671153725963, 54.74760875964130, 14.16005392148534},
          {34.62605830930532, 15.30084976114473, 56.99955578662667, 18.40807009793095, -5.714285714285717}},
    .c = {0.0, 0.75, 0.21, 0.63, 1.0, 1.0},
    .d = {0.25, -0.5, -0.023504, -0.0362, 0.0, 0.0},
    .H = {{25.09876703708589, 11.62013104361867, 28.49148307714626, -5.664021568594133, 0.0, 0.0},
          {1.638054557396973, -0.7373619806678748, 8.477918219238990, 15.99253148779520, -1.882352941176471, 0.0}},
    .error_order = 4};

template <Scalar S>
class Rodas4p : public Rosenbrock<S> {
 public:
  Rodas4p(const System<S>& system, const StepOptions& options) : Rosenbrock<S>(system, options, tableau) {}
};

const Registered<StepperKind, StepperOf<Rodas4p>> registered("rodas4p", 4, "Rosenbrock, L-stable, for stiff circuits (the default)");

}  // namespace
}  // namespace settle
