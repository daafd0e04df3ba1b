/// `ballast models`: what can be simulated.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "models/registry.hpp"

namespace ballast {

ExitCode models_command(bool markdown) {
  if (markdown) {
    fmt::print("{}", model_list_markdown());
    return ExitCode::OK;
  }
  for (const ModelInfo& model : all_models()) {
    fmt::print("{:<10} {:<12} {:<10} {}\n", model.name, role_name(model.role),
               *model.validated == '\0' ? "loadable" : "validated", model.title);
    fmt::print("           ");
    for (std::size_t k = 0; k < model.parameters.size(); ++k)
      fmt::print("{}{}", k == 0 ? "" : " ", model.parameters[k].name);
    fmt::print("\n");
  }
  return ExitCode::OK;
}

}  // namespace ballast
