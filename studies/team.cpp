#include "studies/team.hpp"

#include <dlfcn.h>

#include <cstdlib>

#include "grid/error.hpp"

namespace ballast {
namespace {

constexpr const char* kLibrary = "libballast_mpi.so";

/// What the launchers of Open MPI, PMIx and MPICH set.
bool launched() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"})
    if (std::getenv(name) != nullptr) return true;
  return false;
}

}  // namespace

std::unique_ptr<Team> join_team() {
  if (!launched()) return nullptr;
  // Open MPI looks for its own symbols in its plugins: they must be visible to them.
  void* library = ::dlopen(kLibrary, RTLD_NOW | RTLD_GLOBAL);
  void* join = library != nullptr ? ::dlsym(library, "ballast_join_team") : nullptr;
  if (join == nullptr)
    throw Error("MPI",
                std::string("a launcher started this process as one of several, but its MPI part cannot be "
                            "loaded: ") +
                    ::dlerror(),
                "build where Open MPI (libopenmpi-dev) is, make libmpi.so.40 known by LD_LIBRARY_PATH, or "
                "start the program alone");
  std::unique_ptr<Team> team(reinterpret_cast<Team* (*)()>(join)());
  return team;
}

}  // namespace ballast
