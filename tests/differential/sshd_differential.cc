// sshd_differential --root DIR [--cases N] [--doubtful N] [--seed S] [--case K [--doubtful-case]]
//
// Asks the real sshd of a Debian root and sshkeep the same random questions and compares the answers byte for byte.
// Exit status: 0 no difference, 1 differences (each printed, made small), 3 failed, 77 skipped on request.

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <random>

#include "base/escape.h"
#include "base/text.h"
#include "dialect.h"
#include "generator.h"
#include "oracle.h"
#include "sandbox.h"

namespace sshkeep::differential {
namespace {

struct Options {
    std::string root;
    std::uint64_t seed = 20261122;
    std::uint64_t cases = 1000;
    std::uint64_t doubtful = 300;
    std::optional<std::uint64_t> only;
    bool only_doubtful = false;
};

constexpr int skipped = 77;
constexpr std::size_t most_shown = 12;
constexpr std::size_t most_found = 60;

std::optional<Options> parse_options(int argc, char** argv) {
    Options options;
    if (const char* wanted = std::getenv("SSHKEEP_LONG"); wanted != nullptr && std::string_view(wanted) == "1") {
        options.cases = 10000;
        options.doubtful = 3000;
        options.seed = std::random_device{}();
    }
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--doubtful-case") {
            options.only_doubtful = true;
            continue;
        }
        if (i + 1 >= argc) {
            return std::nullopt;
        }
        const std::string_view value = argv[++i];
        const auto number = parse_uint(value);
        if (name == "--root") {
            options.root = value;
        } else if (!number) {
            return std::nullopt;
        } else if (name == "--seed") {
            options.seed = *number;
        } else if (name == "--cases") {
            options.cases = *number;
        } else if (name == "--doubtful") {
            options.doubtful = *number;
        } else if (name == "--case") {
            options.only = *number;
        } else {
            return std::nullopt;
        }
    }
    return options.root.empty() ? std::nullopt : std::optional(options);
}

std::string_view describe(Verdict verdict) {
    switch (verdict) {
        case Verdict::differs:
            return "both accept, the settings differ";
        case Verdict::we_refuse:
            return "sshd accepts, sshkeep says that it would refuse";
        case Verdict::sshd_refuses:
            return "sshd refuses, sshkeep finds nothing wrong";
        default:
            return "no difference";
    }
}

void print_lines_of_one(char mark, const std::string& text, const std::string& other) {
    std::map<std::string_view, int> count;
    for (const std::string_view line : split(other, '\n')) {
        ++count[line];
    }
    for (const std::string_view line : split(text, '\n')) {
        if (count[line]-- <= 0) {
            std::cout << "  " << mark << " " << escape_for_terminal(line) << "\n";
        }
    }
}

void print_case(const Case& question, const Answer& answer) {
    for (const CaseFile& file : question.files) {
        std::cout << "  " << file.path << ":\n";
        for (const std::string& line : file.lines) {
            const bool ended = line.ends_with('\n');
            std::cout << "    |" << escape_for_terminal(std::string_view(line).substr(0, line.size() - (ended ? 1 : 0)))
                      << (ended ? "\n" : "  (no newline)\n");
        }
    }
    std::cout << "  sshd -T";
    if (question.describes_connection) {
        for (const std::string& specification : question.specifications) {
            std::cout << " -C " << specification;
        }
    }
    std::cout << "\n  " << describe(answer.verdict) << " (- sshd, + sshkeep):\n";
    // When only one refuses, its words say enough; the other's settings are of no interest.
    if (answer.verdict != Verdict::we_refuse) {
        print_lines_of_one('-', answer.expected, answer.actual);
    }
    if (answer.verdict != Verdict::sshd_refuses) {
        print_lines_of_one('+', answer.actual, answer.expected);
    }
    std::cout << std::flush;
}

class Differential {
public:
    Differential(Options options, Dialect dialect, sshdconf::Build build)
        : options_(std::move(options)), dialect_(std::move(dialect)), build_(std::move(build)) {}

    Result<int> all() {
        if (options_.only) {
            TRY(one(*options_.only, options_.only_doubtful));
        } else {
            TRY(series(options_.cases, false));
            TRY(series(options_.doubtful, true));
        }
        return found_ > 0 || !worthwhile() ? 1 : 0;
    }

private:
    Result<void> series(std::uint64_t cases, bool doubtful) {
        for (std::uint64_t number = 0; number < cases && found_ < most_found; ++number) {
            TRY(one(number, doubtful));
        }
        std::cout << (doubtful ? "doubtful" : "legal") << ":";
        for (const auto& [name, count] : count_[doubtful]) {
            std::cout << " " << count << " " << name;
        }
        std::cout << std::endl;
        return {};
    }

    Result<void> one(std::uint64_t number, bool doubtful) {
        const Case question =
            doubtful ? make_doubtful_case(dialect_, options_.seed, number) : make_case(dialect_, options_.seed, number);
        const Answer answer = TRY(ask(question, build_));
        static constexpr std::string_view names[] = {"equal",
                                                     "refused by both",
                                                     "different",
                                                     "refused by sshkeep alone",
                                                     "refused by sshd alone",
                                                     "refused for reasons elsewhere"};
        ++count_[doubtful][names[static_cast<std::size_t>(answer.verdict)]];
        if (answer.verdict == Verdict::same || answer.verdict == Verdict::refused ||
            answer.verdict == Verdict::elsewhere) {
            if (options_.only) {
                print_case(question, answer);
            }
            return {};
        }
        ++found_;
        const std::string name = name_of(answer);
        if (shown_.size() < most_shown && shown_[name]++ == 0) {
            const Case small = TRY(shrink(question, build_));
            std::cout << "\nDIFFERENCE: --seed " << options_.seed << " --case " << number
                      << (doubtful ? " --doubtful-case" : "") << "\n";
            print_case(small, TRY(ask(small, build_)));
        }
        return {};
    }

    /// A generator that sshd refuses most of the time would prove nothing.
    [[nodiscard]] bool worthwhile() {
        const auto& legal = count_[false];
        std::size_t all = 0;
        std::size_t accepted = 0;
        for (const auto& [name, count] : legal) {
            all += count;
            accepted += name.starts_with("refused by both") || name.starts_with("refused for") ? 0 : count;
        }
        const bool good = accepted * 100 >= all * 95;
        if (!good) {
            std::cout << "FAILED: sshd accepted only " << accepted << " of " << all << " cases made to be legal\n";
        }
        return good;
    }

    Options options_;
    Dialect dialect_;
    sshdconf::Build build_;
    std::map<bool, std::map<std::string_view, std::size_t>> count_;
    std::map<std::string, int> shown_;
    std::size_t found_ = 0;
};

Result<int> compare(const Options& options) {
    TRY(enter_sandbox(options.root));
    const std::string package = TRY(installed_openssh());
    const sshdconf::Build build = sshdconf::build_of_debian_package(package);
    std::cout << options.root << ": openssh-server " << package << ", taken for "
              << render_openssh_version(build.version) << ", seed " << options.seed << std::endl;
    return Differential(options, TRY(read_dialect(build.version)), build).all();
}

int run_main(int argc, char** argv) {
    const auto options = parse_options(argc, argv);
    if (!options) {
        std::cerr << "usage: sshd_differential --root DIR [--cases N] [--doubtful N] [--seed S] [--case K "
                     "[--doubtful-case]]\n";
        return 2;
    }
    if (::geteuid() != 0) {
        const char* allowed = std::getenv("SSHKEEP_ALLOW_SKIP");
        const bool skip = allowed != nullptr && std::string_view(allowed) == "1";
        std::cerr << (skip ? "SKIPPED" : "FAILED") << ": the differential test needs root\n";
        return skip ? skipped : 3;
    }
    const auto status = compare(*options);
    if (!status) {
        std::cerr << "FAILED: " << status.error().message << "\n";
        return 3;
    }
    return *status;
}

}  // namespace
}  // namespace sshkeep::differential

int main(int argc, char** argv) { return sshkeep::differential::run_main(argc, argv); }
