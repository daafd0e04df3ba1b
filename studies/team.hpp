/// \file
/// The processes that an MPI launcher started together, to share one sweep.
///
/// MPI itself is in a library of its own (mpi_team.cpp) that is loaded only under a launcher: the program
/// needs no MPI where nobody asks for it.
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace ballast {

struct TeamMessage {
  int from = 0;
  std::string text;
};

class Team {
 public:
  /// Takes leave of the others, which waits until they do so too, unless the team was abandoned.
  virtual ~Team() = default;
  /// A rank is lost: nobody waits for the others.
  virtual void abandon() = 0;
  [[nodiscard]] virtual bool abandoned() const = 0;
  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  /// Among the ranks on this machine.
  [[nodiscard]] virtual int local_rank() const = 0;
  /// Returns at once; nothing is said of whether it arrives.
  virtual void send(int rank, const std::string& text) = 0;
  /// The next message that is here, if there is one. Those of one rank come in their order.
  [[nodiscard]] virtual std::optional<TeamMessage> receive() = 0;
};

/// The team of this process, null when it was started alone. Throws Error when a launcher started it and MPI
/// cannot be loaded.
[[nodiscard]] std::unique_ptr<Team> join_team();

/// What rank 0 does when there is nothing left for the others: they end, and abandon the team if it was.
void end_team(Team& team);

}  // namespace ballast
