"""Several requests at once, with one error at most."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from tmdb_assets.sync.usage import DailyCapReachedError

T = TypeVar("T")


async def together(asking: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Wait for all and return their results in order.

    Raises
    ------
    DailyCapReachedError
        One of them may not ask any more; the others came to their end before, for their requests are spent.
    BaseException
        The first other error that one of them raised; the others are stopped before.
    """
    capped: list[DailyCapReachedError] = []

    async def to_its_end(one: Coroutine[Any, Any, T]) -> list[T]:
        try:
            return [await one]
        except DailyCapReachedError as error:
            capped.append(error)
            return []

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(to_its_end(one)) for one in asking]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    if capped:
        raise capped[0]
    return [result for task in tasks for result in task.result()]
