#include "bin/commands.h"
#include "bin/log_support.h"

namespace sshkeep::bin {

void add_log(CLI::App& program, ExitCode& status) {
    auto* command = program.add_subcommand("log", "Read, prove and keep the record of every action");
    command->require_subcommand(1);
    add_log_show(*command, status);
    add_log_verify(*command, status);
    add_log_prove(*command, status);
    add_log_export(*command, status);
    add_log_checkpoint(*command, status);
    add_log_key(*command, status);
    add_log_witness(*command, status);
    add_log_retain(*command, status);
    add_log_erase(*command, status);
    add_log_run(*command, status);
    command->footer(
        "Examples:\n"
        "  sshkeep log show --since 2026-11-01 --actor alice\n"
        "  sshkeep log verify --checkpoint /mnt/usb/web1.checkpoints\n"
        "  sshkeep log prove 4711 -o 4711.tlog-proof");
}

}  // namespace sshkeep::bin
