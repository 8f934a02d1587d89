#!/usr/bin/env escript
%%! -smp auto +P 2000000
-mode(compile).
%% The measurements of isolates_measure with Erlang's processes: beam.escript NAME prints one sample a line.

main(["spawn"]) ->
    lists:foreach(fun(Batch) ->
        Start = erlang:monotonic_time(nanosecond),
        spawn_many(1000),
        End = erlang:monotonic_time(nanosecond),
        if Batch > 10 -> sample((End - Start) / 1000 / 1000); true -> ok end,
        timer:sleep(1)
    end, lists:seq(1, 110));
main(["memory"]) ->
    Count = 200000,
    Before = erlang:memory(processes),
    Pids = [spawn(fun wait/0) || _ <- lists:seq(1, Count)],
    timer:sleep(500),
    sample((erlang:memory(processes) - Before) / Count),
    length(Pids);
main(["round_trip"]) ->
    Echo = spawn(fun echo/0),
    lists:foreach(fun(_) ->
        Start = erlang:monotonic_time(nanosecond),
        round_trips(Echo, 1000),
        sample((erlang:monotonic_time(nanosecond) - Start) / 1000 / 1000)
    end, lists:seq(1, 300));
main(["one_to_one"]) -> throughput(1);
main(["four_to_one"]) -> throughput(4);
main(_) -> halt(2).

spawn_many(0) -> ok;
spawn_many(N) -> spawn(fun() -> ok end), spawn_many(N - 1).

wait() -> receive _ -> ok end.

echo() -> receive {From, X} -> From ! X, echo() end.

round_trips(_, 0) -> ok;
round_trips(Echo, N) -> Echo ! {self(), N}, receive N -> ok end, round_trips(Echo, N - 1).

throughput(Senders) ->
    Total = 4000000,
    lists:foreach(fun(_) ->
        Self = self(),
        Start = erlang:monotonic_time(nanosecond),
        Sink = spawn(fun() -> sink(Total), Self ! done end),
        [spawn(fun() -> flood(Sink, Total div Senders) end) || _ <- lists:seq(1, Senders)],
        receive done -> ok end,
        sample(Total / ((erlang:monotonic_time(nanosecond) - Start) / 1.0e9))
    end, [1, 2, 3]).

sink(0) -> ok;
sink(N) -> receive _ -> sink(N - 1) end.

flood(_, 0) -> ok;
flood(Sink, N) -> Sink ! N, flood(Sink, N - 1).

sample(Value) -> io:format("~g~n", [float(Value)]).
