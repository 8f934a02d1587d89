// State that lives in an isolate, is changed there, and comes home in the end.
#include <isolate_core/agent.h>

#include <iostream>

using namespace isolate;

namespace {

struct Account {
    int balance = 0;
};

void deposit(Account &account, int amount)
{
    account.balance += amount;
}
void withdraw(Account &account, int amount)
{
    if (amount > account.balance)
        throw std::runtime_error("not enough");
    account.balance -= amount;
}
int balance(const Account &account)
{
    return account.balance;
}

Task<> entry()
{
    auto created = Agent<Account>::create(Account{});
    if (!created)
        throw std::runtime_error(created.error().message);
    auto &account = *created;
    co_await account.update(deposit, 100);
    co_await account.update(withdraw, 30);
    std::cout << "balance " << co_await account.read(balance) << '\n';
    try {
        co_await account.update(withdraw, 500);
    } catch (const std::runtime_error &error) {
        std::cout << "refused: " << error.what() << '\n';
    }
    std::exception_ptr cause;
    try {
        co_await account.update(deposit, 1); // parked: nobody goes on from a state that an error left half changed
    } catch (const AgentParked &parked) {
        cause = parked.cause();
    }
    try {
        std::rethrow_exception(cause);
    } catch (const std::runtime_error &error) {
        std::cout << "parked: " << error.what() << '\n';
    }
    co_await account.resetError();
    std::cout << "after reset " << co_await account.read(balance) << '\n';
    std::cout << "taken home " << (co_await account.exit()).balance << '\n';
}

} // namespace

int main()
{
    runMain(entry);
}
