// Voltage-controlled switch.
#include "devices/switches.hpp"

namespace settle {
namespace {

class SwitchKind final : public Kind {
 public:
  SwitchKind() {
    name = "switch";
    help = "switch controlled by a voltage";
    letter = 's';
    terminals = {"p", "n", "cp", "cn"};
    model_types = {"sw"};
    describe_switch(*this, 'v');
  }
  std::unique_ptr<Element> make(std::span<const Instance> instances, Rows& rows, const Environment& environment) const override {
    std::vector<SwitchControl> controls;
    for (const Instance& instance : instances) controls.push_back({instance.rows[2], instance.rows[3]});
    return std::make_unique<Switches>(*this, instances, rows, environment, std::move(controls), "vt", "vh");
  }
};

const Registered<Kind, SwitchKind> registered("switch");

}  // namespace
}  // namespace settle
