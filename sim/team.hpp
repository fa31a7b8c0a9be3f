// Team: threads that stay, for work that comes in many short pieces.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace settle {

class Team {
 public:
  /// The caller is one of them.
  explicit Team(int threads);
  ~Team();
  Team(const Team&) = delete;

  /// Calls act(k) for k = 0 .. count - 1, side by side; returns, or throws the error of the least k, when all have ended.
  void each(std::size_t count, const std::function<void(std::size_t k)>& act);

 private:
  void serve(std::stop_token stop);
  void work(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable_any come_;
  std::condition_variable done_;
  const std::function<void(std::size_t)>* act_ = nullptr;
  std::size_t count_ = 0, next_ = 0, open_ = 0, failed_ = 0;
  std::exception_ptr failure_;
  std::vector<std::jthread> others_;  // last: they use what stands above
};

}  // namespace settle
