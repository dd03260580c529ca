from torch import nn


def train(net, loader, opt):
    for x, y in loader:
        criterion = nn.CrossEntropyLoss().cuda()
        net = net.cuda()
        opt.zero_grad()
        criterion(net(x.cuda()), y.cuda()).backward()
        opt.step()
