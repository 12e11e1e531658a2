#pragma once

#include <CLI/CLI.hpp>

#include "bin/cli_support.h"

/// Each adds one command to the program. The command runs while the command line is parsed and leaves its exit code in
/// `status`, which must outlive the program's parse.
namespace sshkeep::bin {

void add_audit(CLI::App& program, ExitCode& status);
void add_config(CLI::App& program, ExitCode& status);
void add_access(CLI::App& program, ExitCode& status);
/// To the command `access`.
void add_access_diff(CLI::App& access, ExitCode& status);
void add_rule(CLI::App& program, ExitCode& status);
void add_profile(CLI::App& program, ExitCode& status);
void add_harden(CLI::App& program, ExitCode& status);
void add_log(CLI::App& program, ExitCode& status);

}  // namespace sshkeep::bin
