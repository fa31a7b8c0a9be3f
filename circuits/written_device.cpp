// Written device: pulses through its physics, or its conductance set with the noise of programming.
#include "circuits/written_device.hpp"

#include "sim/random.hpp"

namespace settle {

WrittenDevice::WrittenDevice(const DeviceRef& device, const ProgramSettings& settings, const LoneSetup& setup, std::uint64_t seed)
    : kind_(device.element->kind()), name_(device.name()), settings_(settings), seed_(seed), environment_(setup.pulsed.environment),
      before_(values_of(device)), device_(kind_, before_, setup) {}

/// Of the mean device.
std::array<double, 2> WrittenDevice::reach() {
  const Values now = device_.values();
  quiet(Field::Drawn::written);
  quiet(Field::Drawn::read);
  const std::array<double, 2> ends = device_.reach();
  for (const auto& [field, value] : now) device_.set(field, value);
  return ends;
}

double WrittenDevice::read(int writings) {
  const Values now = device_.values();
  draw(Field::Drawn::read, writings);
  const double g = device_.read();
  for (const Field& field : kind_.fields)
    if (field.drawn == Field::Drawn::read) device_.set(field.name, now.at(field.name));
  return g;
}

Writing WrittenDevice::write(bool up, double target, int number, int repeats) {
  draw(Field::Drawn::written, number);
  if (device_.moves()) {
    const Pulse pulse = settings_.pulse(up, repeats);
    return {pulse.volts, pulse.width, device_.apply(pulse), pulse.seconds()};
  }
  Values mean = device_.values();
  for (const Field& field : kind_.fields)
    if (field.drawn != Field::Drawn::no) mean[field.name] = 0.0;
  device_.set(kind_.weight, kind_.weight_for(mean, target, environment_));
  return {};
}

Values WrittenDevice::changed() const {
  Values changed;
  for (const auto& [field, value] : device_.values())
    if (const auto before = before_.find(field); before == before_.end() || before->second != value) changed[field] = value;
  return changed;
}

/// Standard normal deviates.
void WrittenDevice::draw(Field::Drawn when, int number) {
  const char* purpose = when == Field::Drawn::read ? "program.read" : "program.write";
  for (std::size_t k = 0; k < kind_.fields.size(); ++k)
    if (kind_.fields[k].drawn == when) device_.set(kind_.fields[k].name, settings_.noise * Stream(seed_, purpose, name_, k).normal_at(static_cast<std::uint64_t>(number)));
}

void WrittenDevice::quiet(Field::Drawn when) {
  for (const Field& field : kind_.fields)
    if (field.drawn == when) device_.set(field.name, 0.0);
}

}  // namespace settle
