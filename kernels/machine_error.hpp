#pragma once

#include <stdexcept>

namespace ballast::batch {

/// A machine that is missing or fails: which call, what it said, what to do.
class MachineError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace ballast::batch
