/// The MPI part, a library of its own: see team.hpp.
#include <mpi.h>

#include <list>

#include "studies/team.hpp"

namespace ballast {
namespace {

constexpr int kTag = 1;

class MpiTeam final : public Team {
 public:
  MpiTeam() {
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);  // a rank that is lost is no end
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    MPI_Comm here = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank_, MPI_INFO_NULL, &here);
    MPI_Comm_rank(here, &local_rank_);
    MPI_Comm_free(&here);
  }
  ~MpiTeam() override {
    if (!abandoned_) MPI_Finalize();
  }
  MpiTeam(const MpiTeam&) = delete;
  MpiTeam& operator=(const MpiTeam&) = delete;

  void abandon() override { abandoned_ = true; }
  [[nodiscard]] bool abandoned() const override { return abandoned_; }
  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }
  [[nodiscard]] int local_rank() const override { return local_rank_; }

  void send(int rank, const std::string& text) override {
    forget_sent();
    Sent& one = sent_.emplace_back(text, MPI_REQUEST_NULL);
    if (MPI_Isend(one.text.data(), static_cast<int>(one.text.size()), MPI_CHAR, rank, kTag, MPI_COMM_WORLD,
                  &one.request) != MPI_SUCCESS)
      sent_.pop_back();
  }

  [[nodiscard]] std::optional<TeamMessage> receive() override {
    forget_sent();
    int there = 0;
    MPI_Status status;
    if (MPI_Iprobe(MPI_ANY_SOURCE, kTag, MPI_COMM_WORLD, &there, &status) != MPI_SUCCESS || there == 0)
      return {};
    int size = 0;
    MPI_Get_count(&status, MPI_CHAR, &size);
    TeamMessage message{status.MPI_SOURCE, std::string(static_cast<std::size_t>(size), '\0')};
    if (MPI_Recv(message.text.data(), size, MPI_CHAR, status.MPI_SOURCE, kTag, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE) != MPI_SUCCESS)
      return {};
    return message;
  }

 private:
  struct Sent {
    Sent(std::string t, MPI_Request r) : text(std::move(t)), request(r) {}
    std::string text;
    MPI_Request request;
  };
  int rank_ = 0, size_ = 1, local_rank_ = 0;
  bool abandoned_ = false;
  std::list<Sent> sent_;  ///< on its way

  void forget_sent() {
    for (auto one = sent_.begin(); one != sent_.end();) {
      int gone = 0;
      MPI_Test(&one->request, &gone, MPI_STATUS_IGNORE);
      one = gone != 0 ? sent_.erase(one) : std::next(one);
    }
  }
};

}  // namespace
}  // namespace ballast

extern "C" ballast::Team* ballast_join_team() { return new ballast::MpiTeam; }
