//! The channels that one would use on each executor.

use std::rc::Rc;

use futures::channel::{mpsc, oneshot as futures_oneshot};
use futures::{SinkExt, StreamExt};
use tokio::sync::{mpsc as tokio_mpsc, oneshot as tokio_oneshot};
use unstuck::sync::{Queue, oneshot};

use crate::peers::floor;

/// Bounded channels, and oneshot channels for a number.
#[allow(async_fn_in_trait, reason = "nobody asks whether these are `Send`")]
pub trait Channels: 'static {
    type Sender<T: 'static>;
    type Receiver<T: 'static>;
    type Answer: 'static;
    type Answered: 'static;

    fn channel<T: 'static>(places: usize) -> (Self::Sender<T>, Self::Receiver<T>);
    async fn send<T: 'static>(sender: &mut Self::Sender<T>, value: T);
    /// None when the channel is closed.
    async fn receive<T: 'static>(receiver: &mut Self::Receiver<T>) -> Option<T>;
    fn close<T: 'static>(sender: Self::Sender<T>);

    fn oneshot() -> (Self::Answer, Self::Answered);
    fn answer(answer: Self::Answer, number: u64);
    async fn answered(answered: Self::Answered) -> u64;
}

const OPEN: &str = "the other end is there";

pub struct Own;

impl Channels for Own {
    type Sender<T: 'static> = Rc<Queue<T>>;
    type Receiver<T: 'static> = Rc<Queue<T>>;
    type Answer = oneshot::Sender<u64>;
    type Answered = oneshot::Receiver<u64>;

    fn channel<T: 'static>(places: usize) -> (Rc<Queue<T>>, Rc<Queue<T>>) {
        let queue = Rc::new(Queue::bounded("channel", places));
        (queue.clone(), queue)
    }

    async fn send<T: 'static>(sender: &mut Rc<Queue<T>>, value: T) {
        sender.put(value).await.expect(OPEN);
    }

    async fn receive<T: 'static>(receiver: &mut Rc<Queue<T>>) -> Option<T> {
        receiver.take().await
    }

    fn close<T: 'static>(sender: Rc<Queue<T>>) {
        sender.close();
    }

    fn oneshot() -> (Self::Answer, Self::Answered) {
        oneshot::channel("answer")
    }

    fn answer(answer: Self::Answer, number: u64) {
        answer.send(number).expect(OPEN);
    }

    async fn answered(answered: Self::Answered) -> u64 {
        answered.await.expect(OPEN)
    }
}

pub struct Tokio;

impl Channels for Tokio {
    type Sender<T: 'static> = tokio_mpsc::Sender<T>;
    type Receiver<T: 'static> = tokio_mpsc::Receiver<T>;
    type Answer = tokio_oneshot::Sender<u64>;
    type Answered = tokio_oneshot::Receiver<u64>;

    fn channel<T: 'static>(places: usize) -> (Self::Sender<T>, Self::Receiver<T>) {
        tokio_mpsc::channel(places)
    }

    async fn send<T: 'static>(sender: &mut Self::Sender<T>, value: T) {
        assert!(sender.send(value).await.is_ok(), "{OPEN}");
    }

    async fn receive<T: 'static>(receiver: &mut Self::Receiver<T>) -> Option<T> {
        receiver.recv().await
    }

    fn close<T: 'static>(sender: Self::Sender<T>) {
        drop(sender);
    }

    fn oneshot() -> (Self::Answer, Self::Answered) {
        tokio_oneshot::channel()
    }

    fn answer(answer: Self::Answer, number: u64) {
        answer.send(number).expect(OPEN);
    }

    async fn answered(answered: Self::Answered) -> u64 {
        answered.await.expect(OPEN)
    }
}

pub struct Futures;

impl Channels for Futures {
    type Sender<T: 'static> = mpsc::Sender<T>;
    type Receiver<T: 'static> = mpsc::Receiver<T>;
    type Answer = futures_oneshot::Sender<u64>;
    type Answered = futures_oneshot::Receiver<u64>;

    /// Each sender has a place of its own besides those of the channel.
    fn channel<T: 'static>(places: usize) -> (Self::Sender<T>, Self::Receiver<T>) {
        mpsc::channel(places - 1)
    }

    async fn send<T: 'static>(sender: &mut Self::Sender<T>, value: T) {
        assert!(sender.send(value).await.is_ok(), "{OPEN}");
    }

    async fn receive<T: 'static>(receiver: &mut Self::Receiver<T>) -> Option<T> {
        receiver.next().await
    }

    fn close<T: 'static>(sender: Self::Sender<T>) {
        drop(sender);
    }

    fn oneshot() -> (Self::Answer, Self::Answered) {
        futures_oneshot::channel()
    }

    fn answer(answer: Self::Answer, number: u64) {
        answer.send(number).expect(OPEN);
    }

    async fn answered(answered: Self::Answered) -> u64 {
        answered.await.expect(OPEN)
    }
}

/// async-channel, and the oneshot channel of the futures crate, since it has none.
pub struct Smol;

impl Channels for Smol {
    type Sender<T: 'static> = async_channel::Sender<T>;
    type Receiver<T: 'static> = async_channel::Receiver<T>;
    type Answer = futures_oneshot::Sender<u64>;
    type Answered = futures_oneshot::Receiver<u64>;

    fn channel<T: 'static>(places: usize) -> (Self::Sender<T>, Self::Receiver<T>) {
        async_channel::bounded(places)
    }

    async fn send<T: 'static>(sender: &mut Self::Sender<T>, value: T) {
        assert!(sender.send(value).await.is_ok(), "{OPEN}");
    }

    async fn receive<T: 'static>(receiver: &mut Self::Receiver<T>) -> Option<T> {
        receiver.recv().await.ok()
    }

    fn close<T: 'static>(sender: Self::Sender<T>) {
        drop(sender);
    }

    fn oneshot() -> (Self::Answer, Self::Answered) {
        Futures::oneshot()
    }

    fn answer(answer: Self::Answer, number: u64) {
        Futures::answer(answer, number);
    }

    async fn answered(answered: Self::Answered) -> u64 {
        Futures::answered(answered).await
    }
}

/// Those of [`Floor`](crate::peers::Floor).
pub struct Bare;

impl Channels for Bare {
    type Sender<T: 'static> = floor::Channel<T>;
    type Receiver<T: 'static> = floor::Channel<T>;
    type Answer = floor::Answer<u64>;
    type Answered = floor::Answered<u64>;

    fn channel<T: 'static>(places: usize) -> (Self::Sender<T>, Self::Receiver<T>) {
        floor::bounded(places)
    }

    async fn send<T: 'static>(sender: &mut Self::Sender<T>, value: T) {
        assert!(sender.send(value).await.is_ok(), "{OPEN}");
    }

    async fn receive<T: 'static>(receiver: &mut Self::Receiver<T>) -> Option<T> {
        receiver.recv().await.ok()
    }

    fn close<T: 'static>(sender: Self::Sender<T>) {
        sender.close();
    }

    fn oneshot() -> (Self::Answer, Self::Answered) {
        floor::oneshot()
    }

    fn answer(answer: Self::Answer, number: u64) {
        answer.send(number).expect(OPEN);
    }

    async fn answered(answered: Self::Answered) -> u64 {
        answered.await.expect(OPEN)
    }
}
