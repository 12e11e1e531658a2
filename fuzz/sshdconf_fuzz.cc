// A configuration of any bytes: it comes back whole from its lines, and is evaluated and printed for a few connections.
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/check.h"
#include "sshdconf/effective.h"

namespace {

using namespace sshkeep;
using namespace sshkeep::sshdconf;

/// The input is the main file; behind a line "%%" follow the files that an Include finds.
class MemorySource final : public FileSource {
public:
    explicit MemorySource(std::string_view input) {
        std::string path = "/etc/ssh/sshd_config";
        for (int number = 1; number < 5; ++number) {
            const std::size_t mark = input.find("\n%%\n");
            files_[path] = std::string(input.substr(0, mark));
            if (mark == std::string_view::npos) {
                return;
            }
            input.remove_prefix(mark + 4);
            path = "/etc/ssh/" + std::to_string(number);
        }
    }
    Result<std::string> read(const std::string& path) override {
        const auto file = files_.find(path);
        return file == files_.end() ? Result<std::string>(fail(ErrorCode::not_found, path)) : file->second;
    }
    Result<std::vector<std::string>> glob(const std::string& pattern) override {
        std::vector<std::string> paths;
        for (const auto& [path, bytes] : files_) {
            if (path == pattern || pattern == "/etc/ssh/*") {
                paths.push_back(path);
            }
        }
        return paths;
    }

private:
    std::map<std::string, std::string> files_;
};

void check_config_with(std::string_view input, const Build& build) {
    MemorySource source(input);
    const auto config = parse_config("/etc/ssh/sshd_config", source, build);
    CHECK(config.has_value());
    for (const File& file : config->files) {
        std::string whole;
        for (const Line& line : file.lines) {
            whole += std::string_view(file.bytes).substr(line.begin, line.end - line.begin);
        }
        CHECK(whole == file.bytes);
    }
    Evaluator evaluator(*config);
    Connection connection;
    for (const auto* const user : {"", "root", "bob"}) {
        if (*user != '\0') {
            connection = {user, true, {"wheel"}, "a.example.com", "192.0.2.1", "127.0.0.1", 22, {}};
        }
        const Outcome outcome = evaluator.outcome(connection);
        CHECK(!render_effective(*outcome.effective, build).empty());
        CHECK(outcome.effective == &evaluator.at(connection));
        for (const std::uint32_t block : outcome.blocks) {
            CHECK(evaluator.matches(block, connection) == Tri::yes);
        }
    }
    for (std::uint32_t block = 1; block < config->blocks.size() && block < 8; ++block) {
        if (const auto sample = sample_connection(*config, block)) {
            CHECK(evaluator.matches(block, *sample) != Tri::no);
        }
    }
    CHECK(explain(*config, "passwordauthentication", connection).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    static constexpr OpensshVersion versions[] = {{7, 4, 1}, {8, 4, 1}, {9, 2, 1}, {10, 0, 2}, {10, 6, 1}};
    Build build;
    build.version = versions[data[0] % std::size(versions)];
    build.flavour = (data[0] & 0x80U) != 0 ? Flavour::upstream : Flavour::debian;
    check_config_with({reinterpret_cast<const char*>(data) + 1, size - 1}, build);
    return 0;
}
