// Current-controlled switch.
#include "devices/switches.hpp"
#include "sim/error.hpp"

namespace settle {
namespace {

class CurrentSwitchKind final : public Kind {
 public:
  CurrentSwitchKind() {
    name = "current_switch";
    help = "switch controlled by the current of a voltage source";
    letter = 'w';
    terminals = {"p", "n"};
    model_types = {"csw"};
    describe_switch(*this, 'i');
    references = 1;
    stage = 3;
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows& rows, const Environment& environment) const override {
    std::vector<SwitchControl> controls;
    for (const Instance& instance : instances) controls.push_back({referenced_current(instance, 0, rows), Rows::ground});
    return std::make_unique<Switches>(*this, instances, rows, environment, std::move(controls), "it", "ih");
  }
};

const Registered<Kind, CurrentSwitchKind> registered("current_switch");

}  // namespace
}  // namespace settle
