#include "app/local_addresses.h"

#include "base/text.h"
#include "model/address.h"

namespace sshkeep::app {
namespace {

constexpr std::uint64_t limit = 64ULL << 20U;

/// /proc/net/fib_trie: below "|-- ADDRESS" stands "/32 host LOCAL" when it is one of ours.
void add_v4(std::string_view trie, std::set<std::string>& addresses) {
    std::string_view last;
    for (const auto line : split(trie, '\n')) {
        const auto words = split_words(line);
        if (words.size() >= 2 && words[0] == "|--") {
            last = words[1];
        } else if (words.size() >= 3 && words[0] == "/32" && words[1] == "host" && words[2] == "LOCAL") {
            addresses.emplace(last);
        }
    }
}

/// /proc/net/if_inet6: an address of 32 hexadecimal digits begins each line.
void add_v6(std::string_view table, std::set<std::string>& addresses) {
    constexpr std::size_t digits = 32;
    for (const auto line : split(table, '\n')) {
        const auto words = split_words(line);
        if (words.empty() || words[0].size() != digits) {
            continue;
        }
        std::string text;
        for (std::size_t i = 0; i < digits; i += 4) {
            text.append(i == 0 ? "" : ":").append(words[0].substr(i, 4));
        }
        if (const auto address = Address::parse(text)) {
            addresses.insert(address->text());
        }
    }
}

}  // namespace

std::optional<std::set<std::string>> read_local_addresses(ports::Host& host) {
    if (!host.running()) {
        return std::nullopt;
    }
    const auto trie = host.read_file("/proc/net/fib_trie", ports::Links::follow, limit);
    if (!trie) {
        return std::nullopt;
    }
    std::set<std::string> addresses;
    add_v4(trie->bytes, addresses);
    if (const auto table = host.read_file("/proc/net/if_inet6", ports::Links::follow, limit)) {
        add_v6(table->bytes, addresses);
    }
    return addresses;
}

}  // namespace sshkeep::app
