// Handing out pieces of work one by one.
#include "sim/team.hpp"

#include <utility>

namespace settle {

Team::Team(int threads) {
  for (int k = 1; k < threads; ++k) others_.emplace_back([this](std::stop_token stop) { serve(std::move(stop)); });
}

Team::~Team() {
  for (std::jthread& other : others_) other.request_stop();
}

/// Takes pieces while there are any.
void Team::work(std::unique_lock<std::mutex>& lock) {
  while (next_ < count_) {
    const std::size_t k = next_++;
    const auto* act = act_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      (*act)(k);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure && (!failure_ || k < failed_)) failure_ = failure, failed_ = k;
    if (--open_ == 0) done_.notify_all();
  }
}

void Team::serve(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (come_.wait(lock, stop, [this] { return next_ < count_; })) work(lock);
}

void Team::each(std::size_t count, const std::function<void(std::size_t)>& act) {
  if (count == 0) return;
  std::unique_lock lock(mutex_);
  act_ = &act, count_ = open_ = count, next_ = 0, failure_ = nullptr;
  if (count > 1 && !others_.empty()) come_.notify_all();
  work(lock);
  done_.wait(lock, [this] { return open_ == 0; });
  count_ = next_ = 0;
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace settle
