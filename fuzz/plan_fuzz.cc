// A configuration of any bytes is staged and planned for: copies mean the same as what they are copies of, a plan keeps
// the lines that are not its own, puts in force what it says, and has nothing left to do the second time.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/check.h"
#include "plan/plan.h"
#include "plan/planned_source.h"
#include "sshdconf/edit.h"
#include "sshdconf/effective.h"
#include "sshdconf/glob.h"

namespace {

using namespace sshkeep;
using sshdconf::Config;

constexpr const char* main_path = "/etc/ssh/sshd_config";

class MemorySource final : public sshdconf::FileSource {
public:
    std::map<std::string, std::string> files;

    Result<std::string> read(const std::string& path) override {
        const auto file = files.find(path);
        return file == files.end() ? Result<std::string>(fail(ErrorCode::not_found, path)) : file->second;
    }
    Result<std::vector<std::string>> glob(const std::string& pattern) override {
        std::vector<std::string> paths;
        for (const auto& [path, bytes] : files) {
            if (sshdconf::path_matches(pattern, path)) {
                paths.push_back(path);
            }
        }
        return paths;
    }
};

/// The input is the main file; behind a line "%%" follow the files of /etc/ssh/sshd_config.d.
void split_files(std::string_view input, MemorySource& source) {
    std::string path = main_path;
    for (int number = 1; number < 5; ++number) {
        const std::size_t mark = input.find("\n%%\n");
        source.files[path] = std::string(input.substr(0, mark));
        if (mark == std::string_view::npos) {
            return;
        }
        input.remove_prefix(mark + 4);
        path = "/etc/ssh/sshd_config.d/" + std::to_string(number);
    }
}

std::string meaning_of(const Config& config) {
    sshdconf::Evaluator evaluator(config);
    const sshdconf::Connection bob{.user = "bob", .groups = {"wheel"}, .host = "a", .address = "192.0.2.1"};
    return render_effective(evaluator.at({}), config.build) + render_effective(evaluator.at(bob), config.build);
}

void check_stage(MemorySource& source, const Config& config) {
    std::size_t number = 0;
    std::map<std::string, std::string> names;
    const auto name = [&](const std::string& path) {
        const auto [known, fresh] = names.try_emplace(path);
        if (fresh) {
            known->second = "/copies/" + std::to_string(number++);
        }
        return known->second;
    };
    const auto staged = stage(main_path, source, config.build, name, {});
    if (!staged) {
        return;
    }
    MemorySource copies;
    for (const sshdconf::Staged& copy : *staged) {
        copies.files[copy.path] = copy.bytes;
    }
    const auto copied = parse_config(staged->front().path, copies, config.build);
    CHECK(copied.has_value());
    CHECK(copied->directives.size() == config.directives.size());
    CHECK(meaning_of(*copied) == meaning_of(config));
}

void check_plan(facts::HostFacts& facts, const std::vector<plan::Wanted>& wanted) {
    const auto plan = plan_configuration(facts, wanted, {});
    CHECK(plan.has_value());
    CHECK(plan->empty() == unified_diff(plan->changes).empty());
    plan::KnownFiles known(*facts.config);
    plan::PlannedSource planned(known, plan->changes);
    facts::HostFacts after;
    after.build = facts.build;
    after.config = parse_config(main_path, planned, facts.build);
    CHECK(after.config.has_value());
    sshdconf::Evaluator evaluator(*after.config);
    CHECK(not_in_force(plan->wanted, after, facts::contexts_of(after, evaluator)).empty());
    CHECK(plan_configuration(after, plan->wanted, {}).value().empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 4096) {
        return 0;
    }
    static constexpr OpensshVersion versions[] = {{7, 4, 1}, {8, 4, 1}, {9, 2, 1}, {10, 0, 2}, {10, 6, 1}};
    facts::HostFacts facts;
    facts.build.version = versions[data[0] % std::size(versions)];
    MemorySource source;
    split_files({reinterpret_cast<const char*>(data) + 1, size - 1}, source);
    facts.config = parse_config(main_path, source, facts.build);
    CHECK(facts.config.has_value());
    check_stage(source, *facts.config);
    check_plan(facts, {{.option = "PermitRootLogin", .lines = {"PermitRootLogin no"}, .rules = {"r"}},
                       {.option = "LoginGraceTime", .lines = {"LoginGraceTime 33"}},
                       {.option = "AllowUsers", .lines = {"AllowUsers bob", "AllowUsers carol"}},
                       {.option = "Ciphers", .lines = {"Ciphers -*-cbc", "Ciphers -aes128-ctr"}, .rules = {"r"}}});
    return 0;
}
