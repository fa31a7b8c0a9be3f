// Registry: the named plug-ins of one type; a plug-in's own file adds itself with `Registered`.
#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace settle {

/// All plug-ins of base class `T` by name, in alphabetical order.
template <class T>
class Registry {
 public:
  static const std::map<std::string, std::unique_ptr<T>, std::less<>>& all() { return map(); }

  static const T* find(std::string_view name) {
    const auto it = map().find(name);
    return it == map().end() ? nullptr : it->second.get();
  }

  static void add(std::string name, std::unique_ptr<T> plugin) {
    if (!map().emplace(name, std::move(plugin)).second) throw std::logic_error("registered twice: " + name);
  }

 private:
  static std::map<std::string, std::unique_ptr<T>, std::less<>>& map() {
    static std::map<std::string, std::unique_ptr<T>, std::less<>> plugins;
    return plugins;
  }
};

/// A namespace-scope object of this type puts a `Plugin` into the registry of `T`.
template <class T, class Plugin>
struct Registered {
  template <class... Arguments>
  explicit Registered(std::string name, Arguments&&... arguments) {
    Registry<T>::add(std::move(name), std::make_unique<Plugin>(std::forward<Arguments>(arguments)...));
  }
};

}  // namespace settle
