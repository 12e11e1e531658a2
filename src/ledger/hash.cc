#include "ledger/hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/check.h"

namespace sshkeep::ledger {
namespace {

/// One digest context a thread: fetching the algorithm anew costs more than hashing a record.
class Hasher {
public:
    Hasher() : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {
        CHECK(algorithm_ && context_);
    }

    Hash operator()(std::span<const std::string_view> pieces) {
        CHECK(EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1);
        for (const auto piece : pieces) {
            CHECK(EVP_DigestUpdate(context_.get(), piece.data(), piece.size()) == 1);
        }
        Hash hash;
        CHECK(EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr) == 1);
        return hash;
    }

private:
    struct Free {
        void operator()(EVP_MD* md) const { EVP_MD_free(md); }
        void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD, Free> algorithm_;
    std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace

Hash sha256(std::span<const std::string_view> pieces) {
    thread_local Hasher hasher;
    return hasher(pieces);
}

Hash sha256(std::string_view bytes) { return sha256(std::span(&bytes, 1)); }

Hash leaf_hash(std::string_view leaf) {
    const std::array<std::string_view, 2> pieces{std::string_view("\0", 1), leaf};
    return sha256(pieces);
}

Hash node_hash(const Hash& left, const Hash& right) {
    std::array<char, 65> block;
    block[0] = 1;
    std::ranges::copy(left, block.begin() + 1);
    std::ranges::copy(right, block.begin() + 33);
    return sha256(std::string_view(block.data(), block.size()));
}

const Hash& empty_root() {
    static const Hash root = sha256(std::string_view{});
    return root;
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace sshkeep::ledger
