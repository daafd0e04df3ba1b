#include "kernels/host_machine.hpp"

#include <ucontext.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "kernels/batch_lanes.hpp"
#include "kernels/lane_method.hpp"

namespace ballast::batch {
namespace {

// The device's code on the host. The members of a team are coroutines that take turns: each runs up to a
// barrier, then the next; a barrier that is missing shows as another result.

constexpr std::size_t kStack = 256 * 1024;

/// The members of all lanes of a tile meet here.
class Meeting {
 public:
  Meeting(int lanes, int team)
      : lanes_(lanes), team_(team), value_(static_cast<std::size_t>(lanes) * team), member_(value_.size()) {
    for (Member& m : member_) m.stack.resize(kStack);
  }
  Meeting(const Meeting&) = delete;
  Meeting& operator=(const Meeting&) = delete;

  /// Runs work(lane, rank) of every member to its end, turn by turn. `work` does not throw.
  void run(const std::function<void(int, int)>& work) {
    work_ = &work;
    running = this;
    for (Member& m : member_) {
      m.done = false;
      getcontext(&m.context);
      m.context.uc_stack.ss_sp = m.stack.data();
      m.context.uc_stack.ss_size = m.stack.size();
      m.context.uc_link = &home_;
      makecontext(&m.context, &Meeting::enter, 0);
    }
    // The last member first in every second turn, so that no order between barriers is relied on.
    bool open = true;
    for (bool back = false; open; back = !back) {
      open = false;
      for (std::size_t k = 0; k < member_.size(); ++k) {
        turn_ = back ? member_.size() - 1 - k : k;
        if (member_[turn_].done) continue;
        swapcontext(&home_, &member_[turn_].context);
        open = open || !member_[turn_].done;
      }
    }
  }
  void wait() { swapcontext(&member_[turn_].context, &home_); }
  double& value(int lane, int rank) { return value_[static_cast<std::size_t>(lane) * team_ + rank]; }
  [[nodiscard]] int lanes() const { return lanes_; }
  [[nodiscard]] int team() const { return team_; }

 private:
  struct Member {
    ucontext_t context;
    std::vector<char> stack;
    bool done = false;
  };
  int lanes_, team_;
  std::vector<double> value_;
  std::vector<Member> member_;
  ucontext_t home_{};
  std::size_t turn_ = 0;
  const std::function<void(int, int)>* work_ = nullptr;
  static thread_local Meeting* running;

  static void enter() {
    Meeting& m = *running;
    const auto me = static_cast<int>(m.turn_);
    (*m.work_)(me / m.team_, me % m.team_);
    m.member_[me].done = true;
  }
};
thread_local Meeting* Meeting::running = nullptr;

class HostTeam {
 public:
  HostTeam(Meeting& meeting, int lane, int rank) : meeting_(meeting), lane_(lane), rank_(rank) {}
  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] int size() const { return meeting_.team(); }
  void sync() { meeting_.wait(); }
  bool any(bool yes) {
    bool all = false;
    exchange(yes ? 1 : 0, [&] {
      for (int l = 0; l < meeting_.lanes(); ++l)
        for (int r = 0; r < size(); ++r) all = all || meeting_.value(l, r) != 0;
    });
    return all;
  }
  double most(double v) {
    double best = v;
    exchange(v, [&] {
      best = meeting_.value(lane_, 0);
      for (int r = 1; r < size(); ++r) best = max_(best, meeting_.value(lane_, r));
    });
    return best;
  }
  double least(double v) {
    double best = v;
    exchange(v, [&] {
      best = meeting_.value(lane_, 0);
      for (int r = 1; r < size(); ++r) best = min_(best, meeting_.value(lane_, r));
    });
    return best;
  }

 private:
  Meeting& meeting_;
  int lane_, rank_;
  template <class Look>
  void exchange(double v, const Look& look) {
    meeting_.value(lane_, rank_) = v;
    meeting_.wait();
    look();
    meeting_.wait();
  }
};

class HostMachine final : public Machine {
 public:
  HostMachine(const FlatMemory& memory, int wanted, int team)
      : bytes_(memory.bytes.begin(), memory.bytes.end()),
        view_(memory.view_at(memory.flat, bytes_.data())),
        tiles_((wanted + kTile - 1) / kTile),
        meeting_(std::min(wanted, kTile), team),
        doubles_(static_cast<std::size_t>(tiles_) * view_.at.items * kTile),
        ints_(static_cast<std::size_t>(tiles_) * view_.int_at.items * kTile) {}

  [[nodiscard]] int lanes() const override { return tiles_ == 1 ? meeting_.lanes() : tiles_ * kTile; }
  void run(int steps) override {
    for (int tile = 0; tile < tiles_; ++tile) {
      meeting_.run([&](int lane, int rank) {
        HostTeam team(meeting_, lane, rank);
        const LaneView view = column(tile * kTile + lane);
        LaneRun<HostTeam> run(view_, view, team);
        run.run(steps);
      });
    }
  }
  void statuses(std::span<int> status) override {
    for (int l = 0; l < lanes(); ++l) status[l] = column(l).whole(view_.int_at.status);
  }
  void get(std::span<const int> lanes, std::span<double> columns, std::span<int> ints) override {
    for (std::size_t k = 0; k < lanes.size(); ++k) {
      const LaneView c = column(lanes[k]);
      for (int i = 0; i < view_.at.shared; ++i) columns[k * view_.at.shared + i] = c(i);
      for (int i = 0; i < view_.int_at.items; ++i) ints[k * view_.int_at.items + i] = c.whole(i);
    }
  }
  void put(std::span<const int> lanes, std::span<const double> columns, std::span<const int> ints) override {
    for (std::size_t k = 0; k < lanes.size(); ++k) {
      const LaneView c = column(lanes[k]);
      for (int i = 0; i < view_.at.shared; ++i) c(i) = columns[k * view_.at.shared + i];
      for (int i = 0; i < view_.int_at.items; ++i) c.whole(i) = ints[k * view_.int_at.items + i];
    }
  }

 private:
  std::vector<std::byte> bytes_;
  ProblemView view_;
  int tiles_;
  Meeting meeting_;
  std::vector<double> doubles_;
  std::vector<int> ints_;

  LaneView column(int lane) {
    const std::ptrdiff_t tile = lane / kTile;
    double* d = doubles_.data() + tile * view_.at.items * kTile + lane % kTile;
    return {d, ints_.data() + tile * view_.int_at.items * kTile + lane % kTile,
            d + static_cast<std::ptrdiff_t>(view_.at.right) * kTile};
  }
};

}  // namespace

std::unique_ptr<Machine> make_host_machine(const FlatMemory& memory, int lanes, int team) {
  return std::make_unique<HostMachine>(memory, lanes, team);
}
std::vector<Result> run_as_on_cuda(const Problem& problem, const Options& options, int team) {
  return run_on_machine(problem, options, team, [team](const FlatMemory& memory, int wanted) {
    return make_host_machine(memory, wanted, team);
  });
}

}  // namespace ballast::batch
