#include "ledger/ed25519.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "base/check.h"

namespace sshkeep::ledger {
namespace {

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

}  // namespace

void PrivateKey::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

Result<PrivateKey> PrivateKey::from_seed(const std::array<std::uint8_t, 32>& seed) {
    PrivateKey key;
    key.key_.reset(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
    std::size_t length = key.public_.size();
    if (!key.key_ || EVP_PKEY_get_raw_public_key(key.key_.get(), key.public_.data(), &length) != 1) {
        ERR_clear_error();
        return fail(ErrorCode::io, "OpenSSL gives no Ed25519 key");
    }
    return key;
}

Signature PrivateKey::sign(std::string_view message) const {
    const Context context(EVP_MD_CTX_new());
    Signature signature{};
    std::size_t length = signature.size();
    const auto bytes = as_bytes(message);
    CHECK(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
    CHECK(EVP_DigestSign(context.get(), signature.data(), &length, bytes.data(), bytes.size()) == 1);
    return signature;
}

bool is_signed(const PublicKey& key, std::string_view message, const Signature& signature) {
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> pkey(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()), EVP_PKEY_free);
    const Context context(EVP_MD_CTX_new());
    const auto bytes = as_bytes(message);
    const bool good =
        pkey && context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(), bytes.size()) == 1;
    ERR_clear_error();  // a bad signature leaves an entry in the queue
    return good;
}

}  // namespace sshkeep::ledger
