// stage_differential ROOT [CASES]
//
// Asks the real sshd of a Debian root about random configurations and about the copies that sshdconf::stage makes of
// them. Exit status: 0 no difference, 1 differences, 3 failed, 77 skipped on request.

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <map>

#include "base/escape.h"
#include "base/text.h"
#include "dialect.h"
#include "generator.h"
#include "oracle.h"
#include "sandbox.h"

namespace sshkeep::differential {
namespace {

constexpr int skipped = 77;
constexpr std::uint64_t seed = 20261124;

bool is_set(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && std::string_view(value) == "1";
}

void print_difference(std::uint64_t number, const Case& question, const Answer& answer) {
    std::cout << "DIFFERENCE: case " << number << "\n";
    for (const CaseFile& file : question.files) {
        std::cout << "  " << file.path << "\n";
        for (const std::string& line : file.lines) {
            std::cout << "    " << escape_for_terminal(line) << "\n";
        }
    }
    const auto before = split(answer.expected, '\n');
    const auto after = split(answer.actual, '\n');
    for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i) {
        if (before[i] != after[i]) {
            std::cout << "  - " << escape_for_terminal(before[i]) << "\n  + " << escape_for_terminal(after[i]) << "\n";
        }
    }
}

Result<int> compare(const std::string& root, std::uint64_t cases) {
    TRY(enter_sandbox(root));
    const sshdconf::Build build = sshdconf::build_of_debian_package(TRY(installed_openssh()));
    const Dialect dialect = TRY(read_dialect(build.version));
    std::map<Verdict, std::uint64_t> count;
    for (std::uint64_t number = 0; number < cases; ++number) {
        const bool doubtful = number % 4 == 3;
        const Case question = doubtful ? make_doubtful_case(dialect, seed, number) : make_case(dialect, seed, number);
        const Answer answer = TRY(ask_staged(question, build));
        ++count[answer.verdict];
        if (answer.verdict == Verdict::differs || answer.verdict == Verdict::we_refuse ||
            answer.verdict == Verdict::sshd_refuses) {
            print_difference(number, question, answer);
        }
    }
    const std::uint64_t good = count[Verdict::same] + count[Verdict::refused] + count[Verdict::elsewhere];
    std::cout << root << ": " << count[Verdict::same] << " equal, " << count[Verdict::refused] << " refused twice, "
              << count[Verdict::elsewhere] << " refused for reasons elsewhere, " << cases - good << " different\n";
    return good == cases && count[Verdict::same] * 2 > cases ? 0 : 1;
}

int run_main(int argc, char** argv) {
    const auto cases =
        argc == 3 ? parse_uint(argv[2]) : std::optional<std::uint64_t>(is_set("SSHKEEP_LONG") ? 2000 : 200);
    if (argc < 2 || argc > 3 || !cases) {
        std::cerr << "usage: stage_differential ROOT [CASES]\n";
        return 2;
    }
    if (::geteuid() != 0) {
        std::cerr << (is_set("SSHKEEP_ALLOW_SKIP") ? "SKIPPED" : "FAILED") << ": the differential test needs root\n";
        return is_set("SSHKEEP_ALLOW_SKIP") ? skipped : 3;
    }
    const auto status = compare(argv[1], *cases);
    if (!status) {
        std::cerr << "FAILED: " << status.error().message << "\n";
        return 3;
    }
    return *status;
}

}  // namespace
}  // namespace sshkeep::differential

int main(int argc, char** argv) { return sshkeep::differential::run_main(argc, argv); }
