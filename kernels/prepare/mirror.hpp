/// \file
/// A batch scenario as the solver would tell it: its samples and its event log, with causes, to a Recorder.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kernels/batch.hpp"
#include "kernels/prepare/unroll.hpp"
#include "solver/automaton_log.hpp"
#include "solver/channels.hpp"
#include "solver/motion.hpp"
#include "solver/operations.hpp"
#include "solver/recorder.hpp"

namespace ballast::batch {

/// Systems that follow the scenarios of one problem, kept for the next one, and what is recorded of all of
/// them. They refer to the network of the system they copy.
class MirrorPool {
 public:
  explicit MirrorPool(const System& original) : original_(original) {}
  [[nodiscard]] std::unique_ptr<System> take();
  void give_back(std::unique_ptr<System> system);
  /// Channels of these patterns, made from the first system that asks: it must stand at the start of a
  /// scenario.
  [[nodiscard]] std::shared_ptr<const Channels> channels(const System& system,
                                                         const std::vector<std::string>& patterns);

 private:
  const System& original_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<System>> free_;
  std::shared_ptr<const Channels> channels_;
  std::vector<std::string> patterns_;
};

/// Feeds a recorder with one scenario. A recorder that throws Interrupted ends the scenario.
class Mirror final : public Observer {
 public:
  /// `pool`: of the system whose rest the scenario has. `told`: what its actions are called
  /// (ProblemBuilder::told). The recorder's schema has `patterns`.
  Mirror(MirrorPool& pool, const Problem& problem, int scenario, const std::vector<ToldAction>& told,
         RunInfo info, std::vector<std::string> patterns, Recorder& recorder);
  ~Mirror() override;
  Mirror(const Mirror&) = delete;
  Mirror& operator=(const Mirror&) = delete;

  [[nodiscard]] const System& system() const { return *system_; }

  [[nodiscard]] Reads reads() const override { return reads_; }
  void begin(const Lane& lane, const Store<double>& store) override;
  bool sample(const Store<double>& store) override;
  void acting(int first, int last, const Store<double>& store) override;
  void moved(int group, int part, const Happening& happening, int mode_before, Effect effect,
             const Reason& reason, const Store<double>& store) override;
  void obeying(const Store<double>& store) override;
  void settled(const Lane& lane, const Store<double>& store, bool network) override;
  void end(const Result& result) override;

 private:
  void follow(const Store<double>& store, Reads reads = Reads::OUTPUTS);
  void flush();
  /// Where the buses stand and which way they go, as motion_of() has it, of an evaluated store.
  [[nodiscard]] Motion motion(const Store<double>& store) const;
  /// Something is about to jump.
  void before_jump(const Store<double>& store) {
    if (!before_) before_ = motion(store);
  }

  MirrorPool& pool_;
  const Problem& problem_;
  const Rest& rest_;
  const std::vector<ToldAction>& told_;
  RunInfo info_;
  std::vector<std::string> patterns_;
  Recorder& recorder_;
  std::unique_ptr<System> system_;
  int plain_signals_;  ///< those before the frames' speeds
  std::vector<double> y_, values_;
  std::shared_ptr<const Channels> channels_;
  Reads reads_ = Reads::OUTPUTS;
  std::vector<double> frame_weight_, frame_speed_;  ///< [frame] while they are added up
  std::vector<char> frame_fixed_;
  EventLog log_;
  AutomatonLog automata_;
  Operations operations_;                  ///< what parts order, told as a run by IDA tells it
  std::optional<Motion> before_;           ///< the first thing of a jump
  std::vector<std::vector<int>> part_of_;  ///< [group][part] part of the system
  std::map<int, int> id_of_;               ///< of a told event in this log
  std::vector<int> network_events_;
  std::size_t flushed_ = 0;
  double t_ = 0;
};

}  // namespace ballast::batch
