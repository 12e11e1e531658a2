#include <algorithm>
#include <csignal>
#include <exception>
#include <span>
#include <string_view>
#include <utility>

#include "bin/commands.h"
#include "bin/harden_support.h"

namespace sshkeep::bin {
namespace {

/// Options and footer as the library prints them, in columns that fit 80.
class HelpPage : public CLI::Formatter {
public:
    HelpPage() { column_width(30); }

    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
        auto text = CLI::Formatter::make_help(app, std::move(name), mode);
        for (auto at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n")) {
            text.erase(at, 1);
        }
        return text;
    }
};

ExitCode print(const std::string& text) {
    return finish([&]() -> Result<ExitCode> {
        TRY(write_output(text));
        return ExitCode::done;
    });
}

/// What a crash left unfinished on this host is dealt with first, whatever the command; but an offline tree has nothing
/// to do with this host, and help changes nothing.
bool concerns_this_host(std::span<const char* const> arguments) {
    return arguments.size() > 1 && std::ranges::none_of(arguments, [](std::string_view argument) {
               return argument.starts_with("--root") || argument == "--help" || argument == "-h" ||
                      argument == "--version";
           });
}

ExitCode run(int argc, const char* const* argv) {
    if (concerns_this_host({argv, static_cast<std::size_t>(argc)})) {
        recover_transactions();
    }
    auto status = ExitCode::done;
    CLI::App program("Hardens, guards, inventories and proves SSH access to servers.", "sshkeep");
    program.formatter(std::make_shared<HelpPage>());
    program.set_version_flag("--version", "sshkeep " SSHKEEP_VERSION, "Print the version and exit");
    program.set_help_flag("-h,--help", "Print this help and exit");
    program.require_subcommand(1);
    add_audit(program, status);
    add_config(program, status);
    add_access(program, status);
    add_rule(program, status);
    add_profile(program, status);
    add_harden(program, status);
    add_log(program, status);
    program.footer("Try: sshkeep audit\nEvery command has --help and a manual page, such as sshkeep-audit(1).");
    try {
        program.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        return print(program.help());
    } catch (const CLI::CallForVersion& version) {
        return print(std::string(version.what()) + "\n");
    } catch (const CLI::ParseError& error) {
        const auto chosen = program.get_subcommands();
        const std::string first = argc > 1 ? argv[1] : "";
        if (chosen.empty() && !first.empty() && !first.starts_with('-')) {
            complain("there is no command " + first +
                     suggestion(first, {"access", "audit", "config", "harden", "log", "profile", "rule"}));
        } else {
            complain(error.what());
        }
        complain("try: sshkeep " + (chosen.empty() ? "" : chosen[0]->get_name() + " ") + "--help");
        return ExitCode::usage;
    }
    return status;
}

}  // namespace
}  // namespace sshkeep::bin

int main(int argc, char** argv) {
    // A reader that goes away (head) shows as EPIPE; the default would kill the program in the middle of its work.
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));  // cannot fail: the number is a valid one
    try {
        return static_cast<int>(sshkeep::bin::run(argc, argv));
    } catch (const std::exception& error) {
        sshkeep::bin::complain(error.what());
        return static_cast<int>(sshkeep::bin::ExitCode::failed);
    }
}
